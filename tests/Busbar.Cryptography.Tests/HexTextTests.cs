namespace Busbar.Cryptography.Tests;

public sealed class HexTextTests
{
    [Fact]
    public void Decode_WhatEncodeWrote_IsTheSame()
    {
        byte[] bytes = [0, 1, 0xAB, 0xFF];

        Assert.Equal("0x0001abff", HexText.Encode(bytes));
        Assert.Equal(bytes, HexText.Decode("0x0001ABff"));
        Assert.Empty(HexText.Decode("0x"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0x0")]
    [InlineData("0X00")]
    [InlineData("00")]
    [InlineData("0xg0")]
    [InlineData("0x0 ")]
    [InlineData("0x00\n\n")]
    public void TryDecode_WrongText_IsRefused(string text)
    {
        Assert.False(HexText.TryDecode(text, out var bytes));
        Assert.Null(bytes);
        Assert.Throws<FormatException>(() => HexText.Decode(text));
    }

    [Fact]
    public void TryDecode_DestinationOfAnotherLength_IsRefused()
    {
        Assert.False(HexText.TryDecode("0x0102", new byte[3]));
        Assert.False(HexText.TryDecode("0x0102", new byte[1]));
        Assert.True(HexText.TryDecode("0x0102", new byte[2]));
    }
}
