using System.Security.Cryptography;
using System.Text;
using Busbar.Node.Notifications.Push;

namespace Busbar.Node.Tests.Notifications;

public sealed class PushEncryptionTests
{
    private const string BrowserKey = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private const string Auth = "BTBZMqHH6r4Tts7J_aSIgg";

    [Fact]
    public void Encrypt_Rfc8291AppendixA_IsTheRfcsMessageToTheByte()
    {
        using var sender = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", 32),
        });

        var body = PushEncryption.Encrypt(
            "When I grow up, I want to be a watermelon"u8, Bytes(BrowserKey, 65), Bytes(Auth, 16), sender, Bytes("DGv6ra1nlYgDCS1FRnbzlw", 16));

        Assert.Equal(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
            + "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
            Base64Url.Encode(body));
    }

    [Fact]
    public void Record_Rfc8188Section31_IsTheRfcsRecordToTheByte()
    {
        var body = PushEncryption.Record("I am the walrus"u8, Bytes("yqdlZ-tYemfogSmv7Ws5PQ", 16), Bytes("I1BsxtFttlv3u_Oo94xnmw", 16), []);

        Assert.Equal("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg", Base64Url.Encode(body));
    }

    [Fact]
    public void Encrypt_TwiceTheSame_NeverGivesTheSameBytes()
    {
        var (first, second) = (Encrypt(), Encrypt());

        Assert.NotEqual(first.AsSpan(0, 16).ToArray(), second.AsSpan(0, 16).ToArray());
        Assert.NotEqual(first.AsSpan(21, 65).ToArray(), second.AsSpan(21, 65).ToArray());

        static byte[] Encrypt() => PushEncryption.Encrypt("x"u8, Bytes(BrowserKey, 65), Bytes(Auth, 16));
    }

    [Fact]
    public void Encrypt_TheLongestMessage_FitsAndOneMoreDoesNot()
    {
        Assert.Equal(4096, PushEncryption.Encrypt(new byte[PushEncryption.LongestMessage], Bytes(BrowserKey, 65), Bytes(Auth, 16)).Length);
        Assert.Throws<ArgumentException>(() =>
            PushEncryption.Encrypt(new byte[PushEncryption.LongestMessage + 1], Bytes(BrowserKey, 65), Bytes(Auth, 16)));
    }

    [Fact]
    public void IsKey_PointOffTheCurve_IsNone()
    {
        var off = Bytes(BrowserKey, 65);
        off[64] ^= 1;

        Assert.True(PushEncryption.IsKey(Bytes(BrowserKey, 65)));
        Assert.False(PushEncryption.IsKey(off));
        Assert.False(PushEncryption.IsKey(new byte[65]));
        Assert.False(PushEncryption.IsKey(Encoding.ASCII.GetBytes("short")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("AAAA")]
    [InlineData("BTBZMqHH6r4Tts7J_aSIg!")]
    [InlineData("BTBZMqHH6r4Tts7J_aSIggBTBZMqHH6r4Tts7J_aSIgg")]
    public void Base64Url_OtherLengthOrLetters_IsRefused(string? text) => Assert.False(Base64Url.TryDecode(text, 16, out _));

    private static byte[] Bytes(string text, int length)
    {
        Assert.True(Base64Url.TryDecode(text, length, out var bytes));
        return bytes;
    }
}
