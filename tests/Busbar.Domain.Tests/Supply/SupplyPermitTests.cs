using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Supply;
using Busbar.Domain.Tests.Testing;
using NodaTime;

namespace Busbar.Domain.Tests.Supply;

public sealed class SupplyPermitTests
{
    private static readonly PrivateKey Community = PrivateKey.FromSeed("a community"u8);

    private static readonly SupplyPermit Permit = new(new(Sample.Key.Address), 42, Sample.Noon, Sample.Noon + Duration.FromDays(30))
    {
        Flags = SupplyFlags.Emergency,
        Quiet = new(1320, 360),
        Offset = -12_600,
        NoTripBefore = Sample.Noon + Duration.FromDays(31),
    };

    private static readonly SignedPermit Signed = SignedPermit.Sign(Permit, Sample.Domain, Community);

    private static readonly string Text = Encoding.UTF8.GetString(SupplyPermitJson.Encode(Signed));

    [Fact]
    public void WriteTo_EveryField_StandsWhereThePageSays()
    {
        var form = new byte[SupplyPermit.Size];
        Permit.WriteTo(Sample.Domain, form);

        Assert.Equal(
            Sample.Domain.Permit.ToString()[2..] + Permit.Meter.ToString()[2..] + "000000000000002a" + "0000000069a42a40" + "0000000069cbb740"
                + "0003f480" + "0002" + "0528" + "0168" + "ffffcec8" + "0000000069cd08c0",
            Convert.ToHexStringLower(form));
    }

    [Fact]
    public void SigningDomain_OfAPermit_IsNotThatOfAReading() => Assert.NotEqual(Sample.Domain.Reading, Sample.Domain.Permit);

    [Fact]
    public void Decode_WhatWasEncoded_IsTheSameAndGenuine()
    {
        var (signed, refused) = SupplyPermitJson.Decode(SupplyPermitJson.Encode(Signed));

        Assert.Null(refused);
        Assert.Equal(Signed, signed);
        Assert.True(signed!.IsGenuine(Sample.Domain, Community.Address));
        Assert.False(signed.IsGenuine(Sample.Domain, Sample.Key.Address));
        Assert.False(signed.IsGenuine(new(1, Sample.Domain.Deployment), Community.Address));
    }

    [Theory]
    [InlineData("\"until\":1774958400", "\"until\":1774958401")]
    [InlineData("\"sequence\":\"42\"", "\"sequence\":\"43\"")]
    [InlineData("\"grace\":259200", "\"grace\":259201")]
    [InlineData("\"flags\":2", "\"flags\":3")]
    [InlineData("\"quietFrom\":1320", "\"quietFrom\":1321")]
    [InlineData("\"quietTo\":360", "\"quietTo\":361")]
    [InlineData("\"offset\":-12600", "\"offset\":-12601")]
    [InlineData("\"issuedAt\":1772366400", "\"issuedAt\":1772366401")]
    [InlineData("\"noTripBefore\":1775044800", "\"noTripBefore\":0")]
    public void IsGenuine_AnyFieldChanged_IsNot(string from, string to)
    {
        Assert.Contains(from, Text, StringComparison.Ordinal);

        var changed = SupplyPermitJson.Decode(Encoding.UTF8.GetBytes(Text.Replace(from, to, StringComparison.Ordinal))).Permit;

        Assert.NotNull(changed);
        Assert.False(changed.IsGenuine(Sample.Domain, Community.Address));
    }

    [Theory]
    [InlineData("\"until\":1774958400", "\"until\":-1")]
    [InlineData("\"until\":1774958400", "\"until\":253402300800")]
    [InlineData("\"until\":1774958400,", "")]
    [InlineData("\"until\":1774958400", "\"until\":1774958400,\"until\":1774958400")]
    [InlineData("\"grace\":259200", "\"grace\":4294967296")]
    [InlineData("\"flags\":2", "\"flags\":65536")]
    [InlineData("\"quietFrom\":1320", "\"quietFrom\":1440")]
    [InlineData("\"quietTo\":360", "\"quietTo\":\"x\"")]
    [InlineData("\"offset\":-12600", "\"offset\":64801")]
    [InlineData("\"offset\":-12600", "\"offset\":\"-12600\"")]
    [InlineData("\"offset\":-12600", "\"offset\":0,\"colour\":1")]
    [InlineData("\"signature\":\"0x", "\"signature\":\"0x00")]
    [InlineData("\"meter\":\"0x", "\"meter\":\"")]
    public void Decode_AnythingElse_IsMalformed(string from, string to)
    {
        Assert.Contains(from, Text, StringComparison.Ordinal);

        AssertMalformed(Text.Replace(from, to, StringComparison.Ordinal));
    }

    [Fact]
    public void Decode_EveryTruncationAndATail_IsMalformed()
    {
        for (var length = 0; length < Text.Length; length++)
            AssertMalformed(Text[..length]);
        AssertMalformed(Text + "{}");
        AssertMalformed(new string(' ', SupplyPermitJson.MaximumSize) + Text);
    }

    [Fact]
    public void Judge_EachFault_HasItsName()
    {
        var judge = new PermitJudge(Permit.Meter, Sample.Domain, Community.Address);
        var now = Sample.Noon;

        Assert.Null(judge.Judge(Signed, newest: null, now));
        Assert.Null(judge.Judge(Signed, Signed, now));
        Assert.IsType<PermitRefused.WrongMeter>(judge.Judge(Sign(Permit with { Meter = Sample.Meter(3) }), newest: null, now));
        Assert.IsType<PermitRefused.WrongSigner>(judge.Judge(SignedPermit.Sign(Permit, Sample.Domain, Sample.Key), newest: null, now));
        Assert.IsType<PermitRefused.WrongSigner>(new PermitJudge(Permit.Meter, Sample.Domain, null).Judge(Signed, newest: null, now));
        Assert.Equal(new PermitRefused.Replayed(42, 43), judge.Judge(Signed, Sign(Permit with { Sequence = 43 }), now));
        Assert.IsType<PermitRefused.Replayed>(judge.Judge(Signed, Sign(Permit with { Until = null }), now));
        Assert.IsType<PermitRefused.IssuedInFuture>(judge.Judge(Signed, newest: null, now - PermitJudge.Ahead - Duration.FromSeconds(1)));
        Assert.Null(judge.Judge(Signed, newest: null, now - PermitJudge.Ahead));
        Assert.Null(judge.Judge(Signed, newest: null, now: null));
    }

    private static SignedPermit Sign(SupplyPermit permit) => SignedPermit.Sign(permit, Sample.Domain, Community);

    private static void AssertMalformed(string text)
    {
        var (signed, refused) = SupplyPermitJson.Decode(Encoding.UTF8.GetBytes(text));

        Assert.Null(signed);
        Assert.IsType<PermitRefused.Malformed>(refused);
    }
}
