using Busbar.Ethereum.Abi;

namespace Busbar.Ethereum.Tests.Abi;

public sealed class AbiTypeTests
{
    [Theory]
    [InlineData("uint", "uint256", false, 32)]
    [InlineData("int8", "int8", false, 32)]
    [InlineData("bytes32", "bytes32", false, 32)]
    [InlineData("string", "string", true, 32)]
    [InlineData("uint64[4]", "uint64[4]", false, 128)]
    [InlineData("uint64[4][2]", "uint64[4][2]", false, 256)]
    [InlineData("string[2]", "string[2]", true, 32)]
    [InlineData("(address,bytes)[]", "(address,bytes)[]", true, 32)]
    [InlineData("tuple(uint64 start, (bool ok,int128) inner)", "(uint64,(bool,int128))", false, 96)]
    public void Parse_Type_CanonicalNameAndHead(string text, string name, bool isDynamic, int headLength)
    {
        var type = AbiType.Parse(text);

        Assert.Equal((name, isDynamic, headLength), (type.Name, type.IsDynamic, type.HeadLength));
    }

    [Theory]
    [InlineData("")]
    [InlineData("uint7")]
    [InlineData("uint264")]
    [InlineData("uint0")]
    [InlineData("uint08")]
    [InlineData("bytes0")]
    [InlineData("bytes33")]
    [InlineData("fixed128x18")]
    [InlineData("uint256[0]")]
    [InlineData("uint256[-1]")]
    [InlineData("uint256[")]
    [InlineData("uint256]")]
    [InlineData("()")]
    [InlineData("(uint256")]
    [InlineData("(uint256,)")]
    [InlineData("uint256 x")]
    [InlineData("uint256[99999999][99999999]")]
    [InlineData("Address")]
    public void Parse_NotAType_Refused(string text) => Assert.Throws<FormatException>(() => AbiType.Parse(text));

    [Fact]
    public void Parse_NestedWithoutEnd_Refused()
    {
        Assert.Throws<FormatException>(() => AbiType.Parse(new string('(', 10_000)));
        Assert.Throws<FormatException>(() => AbiType.Parse("uint8" + string.Concat(Enumerable.Repeat("[]", 10_000))));
    }
}
