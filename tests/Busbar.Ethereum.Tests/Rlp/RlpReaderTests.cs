using System.Numerics;
using Busbar.Ethereum.Rlp;

namespace Busbar.Ethereum.Tests.Rlp;

public sealed class RlpReaderTests
{
    [Theory]
    [InlineData("8100", RlpError.ByteNotMinimal)]
    [InlineData("b800", RlpError.LengthNotMinimal)]
    [InlineData("b80100", RlpError.LengthNotMinimal)]
    [InlineData("b90038", RlpError.LengthNotMinimal)]
    [InlineData("83aabb", RlpError.Truncated)]
    [InlineData("bfffffffffffffffff", RlpError.Truncated)]
    [InlineData("bb80000000", RlpError.Truncated)]
    [InlineData("", RlpError.Truncated)]
    [InlineData("0102", RlpError.TrailingBytes)]
    [InlineData("c20180", RlpError.None)]
    [InlineData("c281", RlpError.Truncated)]
    public void Decode_Bytes_NamesTheFault(string hex, RlpError expected)
    {
        var error = RlpError.None;
        try
        {
            RlpItem.Decode(Convert.FromHexString(hex));
        }
        catch (RlpException refused)
        {
            error = refused.Error;
        }

        Assert.Equal(expected, error);
    }

    [Fact]
    public void Decode_ListsNestedBeyondTheLimit_TooDeep()
    {
        var nested = RlpItem.List([]);
        for (var i = 0; i < 65; i++)
            nested = RlpItem.List([nested]);

        var refused = Assert.Throws<RlpException>(() => RlpItem.Decode(nested.Encode()));

        Assert.Equal(RlpError.TooDeep, refused.Error);
    }

    [Fact]
    public void Decode_LongerThanAllowed_TooLong()
    {
        var refused = Assert.Throws<RlpException>(() => RlpItem.Decode(new byte[11], maximumLength: 10));

        Assert.Equal(RlpError.TooLong, refused.Error);
    }

    [Fact]
    public void ReadUInt64_LeadingZeroOrNineBytes_Refused()
    {
        Assert.Equal(RlpError.LeadingZero, Error("820001"));
        Assert.Equal(RlpError.LeadingZero, Error("00"));
        Assert.Equal(RlpError.IntegerTooLarge, Error("89010000000000000000"));
        Assert.Equal(RlpError.ExpectedBytes, Error("c0"));
        Assert.Equal(ulong.MaxValue, new RlpReader(Convert.FromHexString("88ffffffffffffffff")).ReadUInt64());
        Assert.Equal(0ul, new RlpReader(Convert.FromHexString("80")).ReadUInt64());

        static RlpError Error(string hex) =>
            Assert.Throws<RlpException>(() => new RlpReader(Convert.FromHexString(hex)).ReadUInt64()).Error;
    }

    [Fact]
    public void ReadUInt256_LargestValue_RoundTrips()
    {
        var largest = BigInteger.Pow(2, 256) - 1;
        var writer = new RlpWriter();
        writer.WriteInteger(largest);

        Assert.Equal(largest, new RlpReader(writer.ToArray()).ReadUInt256());
    }

    [Fact]
    public void Decode_MutatedBytes_RefusesOrReturnsTheSameBytes()
    {
        var valid = Convert.FromHexString("f83e83646f67c3010203b838" + new string('a', 112) + "80");
        for (var position = 0; position < valid.Length; position++)
        {
            for (var value = 0; value < 256; value++)
            {
                var mutated = valid.ToArray();
                mutated[position] = (byte)value;
                try
                {
                    Assert.Equal(mutated, RlpItem.Decode(mutated).Encode());
                }
                catch (RlpException)
                {
                    // Refused by name, the other permitted outcome.
                }
            }
        }
    }
}
