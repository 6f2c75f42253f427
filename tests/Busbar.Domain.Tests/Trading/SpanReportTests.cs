using System.Globalization;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Tests.Testing;
using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Domain.Tests.Trading;

public sealed class SpanReportTests
{
    // The key of the vectors, which is public.
    private static readonly PrivateKey Key = PrivateKey.FromBytes(Enumerable.Repeat((byte)0x46, 32).ToArray());

    [Fact]
    public void VectorsOfTheContract_FormWordDigestAndSignature_AreTheSame()
    {
        var vectors = ContractVectors.Read("spans.json")["spans"]!.AsArray();
        Assert.Equal(4, vectors.Count);
        foreach (var vector in vectors)
        {
            var domain = new SigningDomain((ulong)vector!["chainId"]!, Address.Parse((string)vector["deployment"]!));
            var report = Of(vector);
            var form = new byte[SpanReport.Size];
            report.WriteTo(domain, form);
            var signed = SignedSpan.Sign(report, domain, Key);

            Assert.Equal((string)vector["preimage"]!, HexText.Encode(form));
            Assert.Equal(ContractVectors.Hash(vector, "digest"), report.Digest(domain));
            Assert.Equal(((string)vector["word"]!)[2..], report.Word.ToString("x64", CultureInfo.InvariantCulture)[^64..]);
            Assert.Equal(ContractVectors.Hash(vector, "r"), signed.R);
            Assert.Equal(ContractVectors.Hash(vector, "vs"), signed.Vs);
            Assert.True(signed.IsGenuine(domain));
        }
    }

    [Fact]
    public void IsGenuine_AnythingElseThanWasSigned_IsFalse()
    {
        var vector = ContractVectors.Read("spans.json")["spans"]![0]!;
        var domain = new SigningDomain((ulong)vector["chainId"]!, Address.Parse((string)vector["deployment"]!));
        var report = Of(vector);
        var signed = SignedSpan.Sign(report, domain, Key);

        Assert.False(signed.IsGenuine(new(1, domain.Deployment)));
        Assert.False((signed with { Report = report with { Closing = report.Closing.Advance(Energy.FromMilliwattHours(1)) } }).IsGenuine(domain));
        Assert.False((signed with { Report = report with { Flow = EnergyFlow.Export } }).IsGenuine(domain));
        Assert.False(SignedSpan.Sign(report, domain, Sample.Key).IsGenuine(domain));
    }

    [Fact]
    public void IsGenuine_SignedThoughItCannotBe_IsFalse()
    {
        var domain = Sample.Domain;
        var good = Of(ContractVectors.Read("spans.json")["spans"]![0]!);

        Assert.True(SignedSpan.Sign(good, domain, Key).IsGenuine(domain));
        Assert.False(SignedSpan.Sign(good with { Opened = good.Closed, Closed = good.Opened }, domain, Key).IsGenuine(domain));
        Assert.False(SignedSpan.Sign(good with { Opening = good.Closing, Closing = good.Opening }, domain, Key).IsGenuine(domain));
        Assert.False(SignedSpan.Sign(good with { Flow = EnergyFlow.None }, domain, Key).IsGenuine(domain));
    }

    private static SpanReport Of(JsonNode vector) => new(
        ContractVectors.Hash(vector, "subject"),
        new(Address.Parse((string)vector["meter"]!)),
        (EnergyFlow)(int)vector["flow"]!,
        Instant.FromUnixTimeSeconds((long)ContractVectors.Number(vector, "opened")),
        Instant.FromUnixTimeSeconds((long)ContractVectors.Number(vector, "closed")),
        MeterRegister.FromMilliwattHours((long)ContractVectors.Number(vector, "opening")),
        MeterRegister.FromMilliwattHours((long)ContractVectors.Number(vector, "closing")));
}
