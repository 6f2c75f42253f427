using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ethereum.Abi;

namespace Busbar.Ethereum.Tests.Abi;

public sealed class AbiCodecTests
{
    private static readonly AbiType[] Everything =
    [
        AbiType.Parse("uint8"), AbiType.Parse("int256"), AbiType.Parse("bool"), AbiType.Parse("address"), AbiType.Parse("bytes3"),
        AbiType.Parse("bytes"), AbiType.Parse("string"), AbiType.Parse("uint64[4]"), AbiType.Parse("(string,uint16[])[2]"),
        AbiType.Parse("((bytes,int8)[],bool)[]"),
    ];

    private static readonly object[] Values =
    [
        (byte)200, BigInteger.MinusOne, true, Address.Parse("0x3535353535353535353535353535353535353535"), new byte[] { 1, 2, 3 },
        new byte[33], "भारत ⚡", new ulong[] { 1, 2, 3, ulong.MaxValue },
        new object[] { new object[] { "a", new[] { 1, 2 } }, new object[] { "", Array.Empty<int>() } },
        new object[] { new object[] { new object[] { new object[] { new byte[] { 9 }, -128 } }, false } },
    ];

    // The example of the Solidity specification.
    [Fact]
    public void Encode_SpecificationExample_ItsBytes()
    {
        AbiType[] types = [AbiType.Parse("uint256[][]"), AbiType.Parse("string[]")];
        object[] values = [new object[] { new[] { 1, 2 }, new[] { 3 } }, new[] { "one", "two", "three" }];

        var encoded = AbiCodec.Encode(types, values);

        Assert.Equal(0x2289b18cu, AbiSignature.Selector("g(uint256[][],string[])"));
        Assert.Equal(
            "0000000000000000000000000000000000000000000000000000000000000040"
            + "0000000000000000000000000000000000000000000000000000000000000140"
            + "0000000000000000000000000000000000000000000000000000000000000002"
            + "0000000000000000000000000000000000000000000000000000000000000040"
            + "00000000000000000000000000000000000000000000000000000000000000a0"
            + "0000000000000000000000000000000000000000000000000000000000000002"
            + "0000000000000000000000000000000000000000000000000000000000000001"
            + "0000000000000000000000000000000000000000000000000000000000000002"
            + "0000000000000000000000000000000000000000000000000000000000000001"
            + "0000000000000000000000000000000000000000000000000000000000000003"
            + "0000000000000000000000000000000000000000000000000000000000000003"
            + "0000000000000000000000000000000000000000000000000000000000000060"
            + "00000000000000000000000000000000000000000000000000000000000000a0"
            + "00000000000000000000000000000000000000000000000000000000000000e0"
            + "0000000000000000000000000000000000000000000000000000000000000003"
            + "6f6e650000000000000000000000000000000000000000000000000000000000"
            + "0000000000000000000000000000000000000000000000000000000000000003"
            + "74776f0000000000000000000000000000000000000000000000000000000000"
            + "0000000000000000000000000000000000000000000000000000000000000005"
            + "7468726565000000000000000000000000000000000000000000000000000000",
            Convert.ToHexStringLower(encoded));
    }

    [Fact]
    public void Decode_WhatWasEncoded_SameValues()
    {
        var encoded = AbiCodec.Encode(Everything, Values);
        var decoded = AbiCodec.Decode(Everything, encoded);

        Assert.Equal(encoded, AbiCodec.Encode(Everything, decoded));
        Assert.Equal((BigInteger)200, decoded[0]);
        Assert.Equal(BigInteger.MinusOne, decoded[1]);
        Assert.Equal("भारत ⚡", decoded[6]);
        Assert.Equal([1, 2, 3, ulong.MaxValue], ((object[])decoded[7]).Cast<BigInteger>().Select(v => (ulong)v));
    }

    [Fact]
    public void Decode_EveryTruncation_Refused()
    {
        var encoded = AbiCodec.Encode(Everything, Values);
        for (var length = 0; length < encoded.Length; length++)
            Assert.Throws<AbiException>(() => AbiCodec.Decode(Everything, encoded.AsMemory(0, length)));
    }

    [Fact]
    public void Decode_MutatedByte_RefusedOrOtherValues()
    {
        var encoded = AbiCodec.Encode(Everything, Values);
        var accepted = 0;
        for (var position = 0; position < encoded.Length; position++)
        {
            foreach (byte flip in new byte[] { 0x01, 0x20, 0x80, 0xff })
            {
                var mutated = encoded.ToArray();
                mutated[position] ^= flip;
                try
                {
                    Assert.Equal(mutated, AbiCodec.Encode(Everything, AbiCodec.Decode(Everything, mutated)));
                    accepted++;
                }
                catch (AbiException)
                {
                    // Refused by name, the other permitted outcome.
                }
            }
        }

        Assert.True(accepted > 0);
    }

    [Theory]
    [InlineData("uint8", "0000000000000000000000000000000000000000000000000000000000000100", AbiError.OutOfRange)]
    [InlineData("int8", "0000000000000000000000000000000000000000000000000000000000000080", AbiError.OutOfRange)]
    [InlineData("bool", "0000000000000000000000000000000000000000000000000000000000000002", AbiError.NotBoolean)]
    [InlineData("address", "0000000000000000000000010000000000000000000000000000000000000000", AbiError.DirtyPadding)]
    [InlineData("bytes1", "0001000000000000000000000000000000000000000000000000000000000000", AbiError.DirtyPadding)]
    [InlineData("bytes", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", AbiError.Truncated)]
    [InlineData("bytes", "0000000000000000000000000000000000000000000000000000000000000020", AbiError.Truncated)]
    [InlineData("bytes", "0000000000000000000000000000000000000000000000000000000000000000", AbiError.Overlapping)]
    [InlineData("uint256", "000000000000000000000000000000000000000000000000000000000000000100", AbiError.TrailingBytes)]
    public void Decode_Fault_Named(string type, string hex, AbiError expected)
    {
        var refused = Assert.Throws<AbiException>(() => AbiCodec.Decode([AbiType.Parse(type)], Convert.FromHexString(hex)));

        Assert.Equal(expected, refused.Error);
    }

    [Fact]
    public void Decode_ArraysThatShareTheirContent_RefusedBeforeTheyGrow()
    {
        // Ten levels of arrays, each of ten offsets to the one next level: 10^10 elements if they were believed.
        var type = "uint256" + string.Concat(Enumerable.Repeat("[]", 10));
        var words = new List<int> { 32 };
        for (var level = 0; level < 10; level++)
        {
            words.Add(10);
            words.AddRange(Enumerable.Repeat(10 * 32, 10));
        }

        var input = AbiCodec.Encode([.. words.Select(_ => AbiType.Parse("uint256"))], [.. words.Cast<object>()]);

        var refused = Assert.Throws<AbiException>(() => AbiCodec.Decode([AbiType.Parse(type)], input));
        Assert.Equal(AbiError.Overlapping, refused.Error);
    }

    [Theory]
    [InlineData("uint8", 256)]
    [InlineData("uint64", -1)]
    [InlineData("int8", 128)]
    [InlineData("int8", -129)]
    public void Encode_OutOfRange_Throws(string type, int value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AbiCodec.Encode([AbiType.Parse(type)], [value]));

    [Fact]
    public void Encode_WrongShape_Throws()
    {
        Assert.Throws<ArgumentException>(() => AbiCodec.Encode([AbiType.Parse("uint8[2]")], [new[] { 1 }]));
        Assert.Throws<ArgumentException>(() => AbiCodec.Encode([AbiType.Parse("(uint8,bool)")], [new object[] { 1 }]));
        Assert.Throws<ArgumentException>(() => AbiCodec.Encode([AbiType.Parse("bytes4")], [new byte[3]]));
        Assert.Throws<ArgumentException>(() => AbiCodec.Encode([AbiType.Parse("bool")], [1]));
        Assert.Throws<ArgumentException>(() => AbiCodec.Encode([AbiType.Parse("bool")], []));
    }

    [Fact]
    public void SolidityErrors_WordsAndPanic_Decoded()
    {
        var words = new AbiWriter(0x08c379a0, 32);
        words.WriteString("not enough");
        var panic = new AbiWriter(0x4e487b71, 32);
        panic.WriteUInt(0x11ul, 256);

        Assert.True(SolidityErrors.TryDecode(words.ToArray(), out var first));
        Assert.True(SolidityErrors.TryDecode(panic.ToArray(), out var second));
        Assert.Equal(new SolidityRevert("not enough"), first);
        Assert.Equal(new SolidityPanic(0x11), second);
        Assert.False(SolidityErrors.TryDecode(new byte[] { 1, 2 }, out _));
        Assert.False(SolidityErrors.TryDecode(panic.ToArray().AsMemory(0, 20), out _));
    }
}
