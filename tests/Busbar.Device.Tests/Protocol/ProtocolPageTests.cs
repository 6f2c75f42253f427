using System.Globalization;
using System.Text;
using Busbar.Cryptography;
using Busbar.Device.Supply;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Supply;
using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Device.Tests.Protocol;

/// <summary>Holds the examples of docs/protocol.md to the code; they were made by another implementation of the same standards.</summary>
public class ProtocolPageTests
{
    private static readonly string Page = Read();

    private static readonly Dictionary<string, string> Example = Lines("example");

    [Fact]
    public void Example_BinaryFormDigestAndSignature_AreTheCodes()
    {
        using var key = PrivateKey.FromBytes(HexText.Decode(Example["private key"]));
        var domain = new SigningDomain(ulong.Parse(Example["chain id"], CultureInfo.InvariantCulture), Address.Parse(Example["deployment"]));
        var reading = Expected();
        var form = new byte[Reading.Size];
        reading.WriteTo(domain, form);

        Assert.Equal(Example["meter"], key.Address.ToLowerHex());
        Assert.Equal(Example["signing domain"], domain.Reading.ToString());
        Assert.Equal(Example["binary form"], HexText.Encode(form));
        Assert.Equal(Example["digest"], reading.Digest(domain).ToString());
        Assert.Equal(Example["signature"], SignedReading.Sign(reading, domain, key).Signature.ToString());
        Assert.Equal(Example["firmware"], Keccak256.Hash("firmware 1.0.0"u8).ToString());
    }

    [Fact]
    public void Json_IsWhatTheCodeWritesAndReads()
    {
        var json = Block("json").Trim();

        Assert.Equal(json, Encoding.UTF8.GetString(ReadingJson.Encode(Signed())));
        Assert.Equal(Signed(), ReadingJson.Decode(Encoding.UTF8.GetBytes(json)).Reading);
    }

    [Fact]
    public void Cbor_IsWhatTheCodeReads() =>
        Assert.Equal(Signed(), ReadingCbor.Decode(HexText.Decode(Block("cbor").Trim())).Reading);

    [Fact]
    public void Reasons_AreThoseOfTheCode()
    {
        var known = typeof(ReadingRefused).GetNestedTypes().Select(reason => reason.Name).Order(StringComparer.Ordinal);
        var table = Page[Page.IndexOf("| reason | meaning |", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n\n", StringComparison.Ordinal)];
        var told = table.Split('\n').Skip(2).Select(row => row.Split('`')[1]).Order(StringComparer.Ordinal);

        Assert.Equal(string.Join(' ', known), string.Join(' ', told));
    }

    [Fact]
    public void Flags_AreThoseOfTheCode()
    {
        foreach (var flag in Enum.GetValues<ReadingFlags>().Where(flag => flag != ReadingFlags.None))
        {
            var name = char.ToLowerInvariant(flag.ToString()[0]) + flag.ToString()[1..];
            Assert.Contains($"| {(int)flag} | {name} |", Page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Permit_BinaryFormDigestSignatureAndJson_AreTheCodes()
    {
        var told = Lines("permit");
        using var key = PrivateKey.FromBytes(HexText.Decode(told["private key"]));
        var domain = new SigningDomain(ulong.Parse(told["chain id"], CultureInfo.InvariantCulture), Address.Parse(told["deployment"]));
        var permit = new SupplyPermit(new(Address.Parse(told["meter"])), (ulong)Value("sequence"), At("issuedAt"), At("until"))
        {
            Grace = Duration.FromSeconds(Value("grace")),
            Flags = (SupplyFlags)Value("flags"),
            Quiet = new((int)Value("quietFrom"), (int)Value("quietTo")),
            Offset = (int)Value("offset"),
            NoTripBefore = At("noTripBefore"),
        };
        var form = new byte[SupplyPermit.Size];
        permit.WriteTo(domain, form);
        var signed = SignedPermit.Sign(permit, domain, key);
        var json = Block("permit-json").Trim();

        Assert.Equal(told["community"], key.Address.ToLowerHex());
        Assert.Equal(told["signing domain"], domain.Permit.ToString());
        Assert.Equal(told["binary form"], HexText.Encode(form));
        Assert.Equal(told["digest"], permit.Digest(domain).ToString());
        Assert.Equal(told["signature"], signed.Signature.ToString());
        Assert.Equal(json, Encoding.UTF8.GetString(SupplyPermitJson.Encode(signed)));
        Assert.Equal(signed, SupplyPermitJson.Decode(Encoding.UTF8.GetBytes(json)).Permit);

        long Value(string name) => long.Parse(told[name], CultureInfo.InvariantCulture);

        Instant At(string name) => Instant.FromUnixTimeSeconds(Value(name));
    }

    [Fact]
    public void Order_BinaryFormDigestSignatureAndJson_AreTheCodes()
    {
        var told = Lines("order");
        using var key = PrivateKey.FromBytes(HexText.Decode(told["private key"]));
        var domain = new SigningDomain(ulong.Parse(told["chain id"], CultureInfo.InvariantCulture), Address.Parse(told["deployment"]));
        var order = new DeliveryOrder(
            new(Address.Parse(told["meter"])), (ulong)Value("number"), OrderKind.Open, Hash256.Parse(told["subject"]), At("issuedAt"))
        {
            Flow = (EnergyFlow)Value("flow"),
            Amount = Value("amount"),
            NotBefore = At("notBefore"),
            Deadline = At("deadline"),
        };
        var form = new byte[DeliveryOrder.Size];
        order.WriteTo(domain, form);
        var signed = SignedOrder.Sign(order, domain, key);
        var json = Block("order-json").Trim();

        Assert.Equal(told["community"], key.Address.ToLowerHex());
        Assert.Equal(told["signing domain"], domain.Delivery.ToString());
        Assert.Equal(told["binary form"], HexText.Encode(form));
        Assert.Equal(told["digest"], order.Digest(domain).ToString());
        Assert.Equal(told["signature"], signed.Signature.ToString());
        Assert.Equal(json, Encoding.UTF8.GetString(DeliveryOrderJson.Encode(signed)));
        Assert.Equal(signed, DeliveryOrderJson.Decode(Encoding.UTF8.GetBytes(json)).Order);
        foreach (var kind in Enum.GetValues<OrderKind>().Where(kind => kind != OrderKind.None))
            Assert.Contains($"{(int)kind} `{kind}`", Page, StringComparison.Ordinal);

        long Value(string name) => long.Parse(told[name], CultureInfo.InvariantCulture);

        Instant At(string name) => Instant.FromUnixTimeSeconds(Value(name));
    }

    [Theory]
    [InlineData("| relay | reason | when |", typeof(SupplyReason))]
    [InlineData("| event | members", typeof(SupplyEvent))]
    [InlineData("| refused because | meaning |", typeof(PermitRefused))]
    [InlineData("| stopped because | when |", typeof(StopReason))]
    [InlineData("| told | members", typeof(DeliveryTold))]
    [InlineData("| order refused because | meaning |", typeof(OrderRefused))]
    public void SupplyTables_HaveTheNamesOfTheCode(string head, Type names)
    {
        var known = names.IsEnum
            ? Enum.GetNames(names).Where(name => name != nameof(SupplyReason.None))
            : names.GetNestedTypes().Where(type => type.IsSubclassOf(names)).Select(type => type.Name);
        var table = Page[Page.IndexOf(head, StringComparison.Ordinal)..];
        var rows = table[..table.IndexOf("\n\n", StringComparison.Ordinal)].Split('\n').Skip(2).Select(row => row.Split('`')[1]);

        Assert.Equal(known.Order(StringComparer.Ordinal), rows.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void SupplyFlags_AreThoseOfTheCode()
    {
        foreach (var flag in Enum.GetValues<SupplyFlags>().Where(flag => flag != SupplyFlags.None))
        {
            var name = char.ToLowerInvariant(flag.ToString()[0]) + flag.ToString()[1..];
            Assert.Contains($"| {(int)flag} | {name} |", Page, StringComparison.Ordinal);
        }
    }

    private static SignedReading Signed()
    {
        Assert.True(Signature.TryFromBytes(HexText.Decode(Example["signature"]), out var signature));
        return new(Expected(), signature);
    }

    private static Reading Expected() => new(
        new MeterId(Address.Parse(Example["meter"])),
        (uint)Number("boot"),
        (ulong)Number("sequence"),
        Instant.FromUnixTimeSeconds(Number("instant")),
        new Registers(MeterRegister.FromMilliwattHours(Number("import")), MeterRegister.FromMilliwattHours(Number("export"))),
        Hash256.Parse(Example["firmware"]),
        (ReadingFlags)Number("flags"));

    private static long Number(string name) => long.Parse(Example[name], CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Lines(string language) => Block(language)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(": "))
        .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);

    private static string Block(string language)
    {
        var start = Page.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return Page[start..Page.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static string Read()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Busbar.slnx")))
            at = at.Parent ?? throw new InvalidOperationException("the repository's root is not above the tests");
        return File.ReadAllText(Path.Combine(at.FullName, "docs", "protocol.md"));
    }
}
