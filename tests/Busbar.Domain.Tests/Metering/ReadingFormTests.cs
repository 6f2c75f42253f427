using System.Globalization;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Tests.Testing;
using NodaTime;

namespace Busbar.Domain.Tests.Metering;

public sealed class ReadingFormTests
{
    [Fact]
    public void WriteTo_EveryField_StandsAtItsPlaceBigEndian()
    {
        var reading = new Reading(
            new(Address.Parse("0x00112233445566778899aabbccddeeff01020304")),
            0x01020304,
            0x1112131415161718,
            Instant.FromUnixTimeSeconds(0x65000000),
            Sample.Registers(0x2122232425262728, 0x3132333435363738, 0x41, 0x4243, 0x444546, 0x4748494a),
            Hash256.Parse("0x" + new string('5', 64)),
            (ReadingFlags)0x6162);

        var form = new byte[Reading.Size];
        reading.WriteTo(Sample.Domain, form);

        Assert.Equal(
            Sample.Domain.Reading.ToString()[2..]
            + "00112233445566778899aabbccddeeff01020304"
            + "01020304" + "1112131415161718" + "0000000065000000"
            + "2122232425262728" + "3132333435363738"
            + "0000000000000041" + "0000000000004243" + "0000000000444546" + "000000004748494a"
            + new string('5', 64) + "6162",
            Convert.ToHexStringLower(form));
        Assert.Equal(Keccak256.Hash(form), reading.Digest(Sample.Domain));
    }

    [Fact]
    public void Digest_VectorsOfTheContract_AreTheSame()
    {
        var compared = 0;
        foreach (var vector in ContractVectors.Read("readings.json")["readings"]!.AsArray())
        {
            if (ContractVectors.Number(vector!, "instant") > 253_402_300_799)
                continue;
            var domain = new SigningDomain((ulong)vector!["chainId"]!, Address.Parse((string)vector["deployment"]!));
            var reading = new Reading(
                new(Address.Parse((string)vector["meter"]!)),
                uint.Parse(vector["boot"]!.ToString(), CultureInfo.InvariantCulture),
                ContractVectors.Number(vector, "sequence"),
                Instant.FromUnixTimeSeconds((long)ContractVectors.Number(vector, "instant")),
                Sample.Registers(
                    (long)ContractVectors.Number(vector, "importRegister"),
                    (long)ContractVectors.Number(vector, "exportRegister"),
                    ContractVectors.Bands(vector)),
                ContractVectors.Hash(vector, "firmware"),
                (ReadingFlags)(int)vector["flags"]!);

            var form = new byte[Reading.Size];
            reading.WriteTo(domain, form);

            Assert.Equal((string)vector["preimage"]!, HexText.Encode(form));
            Assert.Equal(ContractVectors.Hash(vector, "digest"), reading.Digest(domain));
            compared++;
        }

        Assert.True(compared >= 2, "too few vectors within the range of a reading");
    }

    [Fact]
    public void ForPurpose_IsThatOfAbiEncode()
    {
        // Three words: keccak256("p"), the chain's number, the address.
        byte[] words =
        [
            .. Keccak256.Hash("p"u8).ToArray(),
            .. new byte[30], 0x12, 0x34,
            .. new byte[12], .. Sample.Domain.Deployment.ToArray(),
        ];

        Assert.Equal(Keccak256.Hash(words), SigningDomain.ForPurpose("p", 0x1234, Sample.Domain.Deployment));
    }

    [Fact]
    public void IsGenuine_SignedByItsMeter_IsTrueAndGivesTheDigest()
    {
        var signed = SignedReading.Sign(Sample.Reading, Sample.Domain, Sample.Key);

        Assert.True(signed.IsGenuine(Sample.Domain, out var digest));
        Assert.Equal(Sample.Reading.Digest(Sample.Domain), digest);
    }

    public static TheoryData<string> Fields => [.. Changes.Keys];

    private static Dictionary<string, Func<Reading, Reading>> Changes { get; } = new(StringComparer.Ordinal)
    {
        ["meter"] = reading => reading with { Meter = Sample.Meter(1) },
        ["boot"] = reading => reading with { Boot = reading.Boot + 1 },
        ["sequence"] = reading => reading with { Sequence = reading.Sequence + 1 },
        ["instant"] = reading => reading with { Instant = reading.Instant + Duration.FromSeconds(1) },
        ["import"] = reading => reading with { Registers = Sample.Registers(123_456_788, 42, 1, 2, 3, 4) },
        ["export"] = reading => reading with { Registers = Sample.Registers(123_456_789, 43, 1, 2, 3, 4) },
        ["band 1"] = reading => reading with { Registers = Sample.Registers(123_456_789, 42, 0, 2, 3, 4) },
        ["band 2"] = reading => reading with { Registers = Sample.Registers(123_456_789, 42, 1, 0, 3, 4) },
        ["band 3"] = reading => reading with { Registers = Sample.Registers(123_456_789, 42, 1, 2, 0, 4) },
        ["band 4"] = reading => reading with { Registers = Sample.Registers(123_456_789, 42, 1, 2, 3, 0) },
        ["firmware"] = reading => reading with { Firmware = Sample.Hash(8) },
        ["flags"] = reading => reading with { Flags = reading.Flags | ReadingFlags.CoverOpened },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void IsGenuine_AnyFieldChanged_IsFalse(string field)
    {
        var signed = SignedReading.Sign(Sample.Reading, Sample.Domain, Sample.Key);

        Assert.False((signed with { Reading = Changes[field](signed.Reading) }).IsGenuine(Sample.Domain, out _));
    }

    [Fact]
    public void IsGenuine_OtherChainOrDeploymentOrSignature_IsFalse()
    {
        var signed = SignedReading.Sign(Sample.Reading, Sample.Domain, Sample.Key);
        var (r, s, v) = (signed.Signature.R, signed.Signature.S, signed.Signature.RecoveryId);

        Assert.False(signed.IsGenuine(new(1, Sample.Domain.Deployment), out _));
        Assert.False(signed.IsGenuine(new(31337, Address.Zero), out _));
        Assert.False((signed with { Signature = new(r, s, 1 - v) }).IsGenuine(Sample.Domain, out _));
        Assert.False((signed with { Signature = new(s, r, v) }).IsGenuine(Sample.Domain, out _));
        Assert.False((signed with { Signature = default }).IsGenuine(Sample.Domain, out _));
    }
}
