using System.Text;
using Busbar.Domain.Metering;
using Busbar.Domain.Tests.Testing;

namespace Busbar.Domain.Tests.Metering;

public sealed class ReadingJsonTests
{
    private static readonly SignedReading Signed = SignedReading.Sign(Sample.Reading, Sample.Domain, Sample.Key);

    private static readonly string Text = Encoding.UTF8.GetString(ReadingJson.Encode(Signed));

    [Fact]
    public void Decode_WhatWasEncoded_IsTheSame()
    {
        var (reading, refused) = ReadingJson.Decode(ReadingJson.Encode(Signed));

        Assert.Null(refused);
        Assert.Equal(Signed, reading);
        Assert.True(reading!.IsGenuine(Sample.Domain, out _));
    }

    [Fact]
    public void Encode_WithoutBands_LeavesThemOut()
    {
        var plain = Signed with { Reading = Signed.Reading with { Registers = Sample.Registers(5, 6) } };

        var text = Encoding.UTF8.GetString(ReadingJson.Encode(plain));

        Assert.DoesNotContain("bands", text, StringComparison.Ordinal);
        Assert.Equal(plain, ReadingJson.Decode(Encoding.UTF8.GetBytes(text)).Reading);
    }

    [Theory]
    [InlineData("\"sequence\":\"41\"", "\"sequence\":41")]
    [InlineData("\"boot\":3", "\"boot\":\"3\"")]
    [InlineData("{\"meter\"", " \r\n\t{ \"meter\"")]
    [InlineData("\"import\":\"123456789\"", "\"import\" : 123456789")]
    public void Decode_NumbersOrDecimalStringsAndWhiteSpace_AreTheSame(string from, string to)
    {
        Assert.Contains(from, Text, StringComparison.Ordinal);

        Assert.Equal(Signed, ReadingJson.Decode(Encoding.UTF8.GetBytes(Text.Replace(from, to, StringComparison.Ordinal))).Reading);
    }

    [Theory]
    [InlineData("\"boot\":3", "\"boot\":-3")]
    [InlineData("\"boot\":3", "\"boot\":3.0")]
    [InlineData("\"boot\":3", "\"boot\":3e0")]
    [InlineData("\"boot\":3", "\"boot\":4294967296")]
    [InlineData("\"boot\":3", "\"boot\":null")]
    [InlineData("\"boot\":3", "\"boot\":true")]
    [InlineData("\"boot\":3", "\"boot\":\"\"")]
    [InlineData("\"boot\":3", "\"boot\":\" 3\"")]
    [InlineData("\"boot\":3", "\"boot\":\"+3\"")]
    [InlineData("\"boot\":3", "\"boot\":\"0x3\"")]
    [InlineData("\"boot\":3", "\"boot\":\"\\u0033\"")]
    [InlineData("\"boot\":3", "\"boot\":{}")]
    [InlineData("\"boot\":3", "\"boot\":3,\"boot\":3")]
    [InlineData("\"boot\":3", "\"boot\":3,\"colour\":\"red\"")]
    [InlineData("\"boot\":3", "\"Boot\":3")]
    [InlineData("\"boot\":3", "\"b\\u006fot\":3")]
    [InlineData("\"boot\":3,", "")]
    [InlineData("\"sequence\":\"41\"", "\"sequence\":\"18446744073709551616\"")]
    [InlineData("\"import\":\"123456789\"", "\"import\":\"9223372036854775808\"")]
    [InlineData("\"flags\":17", "\"flags\":65536")]
    [InlineData("[\"1\",\"2\",\"3\",\"4\"]", "[\"1\",\"2\",\"3\"]")]
    [InlineData("[\"1\",\"2\",\"3\",\"4\"]", "[\"1\",\"2\",\"3\",\"4\",\"5\"]")]
    [InlineData("[\"1\",\"2\",\"3\",\"4\"]", "[[[[1]]],2,3,4]")]
    [InlineData("[\"1\",\"2\",\"3\",\"4\"]", "{}")]
    [InlineData("\"firmware\":\"0x", "\"firmware\":\"0X")]
    [InlineData("\"firmware\":\"0x", "\"firmware\":\"")]
    [InlineData("\"firmware\":\"0x", "\"firmware\":\"0x0")]
    [InlineData("\"firmware\":\"0x", "\"firmware\":\"0x00")]
    public void Decode_AnythingElse_IsMalformed(string from, string to)
    {
        Assert.Contains(from, Text, StringComparison.Ordinal);

        AssertMalformed(Text.Replace(from, to, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1d")]
    [InlineData("02")]
    [InlineData("ff")]
    public void Decode_SignatureWithAnotherV_IsMalformed(string v) => AssertMalformed(Text[..^4] + v + "\"}");

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("\"reading\"")]
    [InlineData("not json")]
    [InlineData("{\"meter\":")]
    [InlineData("{\"meter\"")]
    [InlineData("{\"bands\":[")]
    public void Decode_NoReadingAtAll_IsMalformed(string text) => AssertMalformed(text);

    [Theory]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData(",")]
    [InlineData("\0")]
    public void Decode_BytesAfterTheObject_IsMalformed(string tail) => AssertMalformed(Text + tail);

    [Fact]
    public void Decode_CommentOrTrailingComma_IsMalformed()
    {
        AssertMalformed("/* hello */" + Text);
        AssertMalformed(Text[..^1] + ",}");
    }

    [Fact]
    public void Decode_EveryTruncation_IsMalformed()
    {
        for (var length = 0; length < Text.Length; length++)
            AssertMalformed(Text[..length]);
    }

    [Fact]
    public void Decode_AtTheLimit_IsReadAndOneMoreIsOversized()
    {
        var most = Encoding.UTF8.GetBytes(Text.PadRight(ReadingJson.MaximumSize));

        Assert.Equal(Signed, ReadingJson.Decode(most).Reading);
        var refused = Assert.IsType<ReadingRefused.Oversized>(ReadingJson.Decode([.. most, (byte)' ']).Refused);
        Assert.Equal(new(ReadingJson.MaximumSize + 1, ReadingJson.MaximumSize), refused);
    }

    private static void AssertMalformed(string text)
    {
        var (reading, refused) = ReadingJson.Decode(Encoding.UTF8.GetBytes(text));

        Assert.Null(reading);
        Assert.NotEmpty(Assert.IsType<ReadingRefused.Malformed>(refused).Detail);
    }
}
