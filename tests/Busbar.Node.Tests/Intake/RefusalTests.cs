using System.Text;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Node.Tests.Testing;
using NodaTime;

namespace Busbar.Node.Tests.Intake;

/// <summary>Every check of the intake over the real wire: acknowledged, told on the refused topic, counted, quarantined.</summary>
public sealed class RefusalTests : IClassFixture<RefusalTests.Community>
{
    private readonly Community _shared;

    public RefusalTests(Community shared) => _shared = shared;

    public static TheoryData<string, string> Cases => new()
    {
        { "a stranger", "UnknownMeter" },
        { "another's key", "WrongSignature" },
        { "another deployment", "WrongSignature" },
        { "another's reading", "WrongTopic" },
        { "a number skipped", "SequenceGap" },
        { "a number used for something else", "SequenceRepeated" },
        { "an instant before the last", "InstantBackwards" },
        { "an older boot", "BootBackwards" },
        { "a register going back", "RegisterBackwards" },
        { "a new boot, going back without record", "RegisterBackwards" },
        { "an export above the connection", "AboveConnection" },
        { "a clock ahead", "ClockOff" },
        { "a clock not set", "ClockNotSet" },
        { "a month and a week ago", "TooLate" },
        { "within an interval", "Misaligned" },
        { "no JSON", "Malformed" },
        { "nothing", "Malformed" },
        { "a name twice", "Malformed" },
        { "a negative register", "Malformed" },
        { "noise behind the reading", "Malformed" },
        { "broken CBOR", "Malformed" },
        { "three thousand bytes", "Oversized" },
    };

    [EngineTheory]
    [MemberData(nameof(Cases))]
    public async Task Publish_BadReading_ToldCountedAndKept(string what, string reason)
    {
        var community = await _shared.CommunityAsync();
        using var stranger = new TestMeter(what);
        var meter = community.Meters.SingleOrDefault(one => one.Name == what) ?? stranger;
        await using var connection = await TestConnection.OpenAsync(meter, community);
        var payloads = Payloads(what, meter, community);
        foreach (var payload in payloads[..^1])
            await connection.SendAsync(payload);
        await community.MoveToAsync(TestCommunity.At(8));
        var before = await community.Node.TotalsAsync(default);

        await connection.SendAsync(payloads[^1]);
        var notice = await connection.RefusalAsync();

        Assert.Equal(reason, notice.Reason);
        Assert.NotEmpty(notice.Detail);
        Assert.Equal(reason is "Malformed" or "Oversized" ? null : SequenceOf(payloads[^1]), notice.Sequence);
        Assert.Equal(reason == "SequenceGap" ? 2UL : null, notice.Expected);
        var kept = Assert.Single(await community.QuarantineAsync(), row => row.Topic == meter.Topic("reading"));
        Assert.Equal((reason, notice.Detail), (kept.Reason, kept.Detail));
        var totals = await community.Node.TotalsAsync(default);
        Assert.Equal((before.Acknowledged + 1, before.Refused + 1, before.Quarantined + 1), (totals.Acknowledged, totals.Refused, totals.Quarantined));
        Assert.Equal(before.Store, totals.Store);
    }

    private static ulong? SequenceOf(byte[] payload) => ReadingJson.Decode(payload).Reading?.Reading.Sequence;

    private static byte[][] Payloads(string what, TestMeter meter, TestCommunity community)
    {
        var domain = community.Domain;
        byte[] Seal(Reading reading) => meter.Seal(reading, domain);
        var first = meter.Read(4);
        var second = meter.Read(5);
        var other = community.Meters[0] == meter ? community.Meters[1] : community.Meters[0];
        var good = Encoding.UTF8.GetString(Seal(first));
        return what switch
        {
            "a stranger" => [Seal(first)],
            "another's key" => [ReadingJson.Encode(new(first, other.Key.Sign(first.Digest(domain))))],
            "another deployment" => [meter.Seal(first, new(domain.ChainId, community.Node.Contracts.Anchors))],
            "another's reading" => [other.Seal(first with { Meter = other.Id }, domain)],
            "a number skipped" => [Seal(first), Seal(second with { Sequence = 3 })],
            "a number used for something else" => [Seal(first), Seal(second with { Sequence = 1 })],
            "an instant before the last" => [Seal(first), Seal(second with { Instant = TestCommunity.At(3) })],
            "an older boot" => [Seal(first), Seal(second with { Boot = 0 })],
            "a register going back" => [Seal(first), Seal(second with { Registers = meter.RegistersAt(3) })],
            "a new boot, going back without record" => [Seal(first), Seal(second with { Boot = 2, Registers = default })],
            "an export above the connection" => [Seal(first), Seal(second with { Registers = AboveConnection(first.Registers) })],
            "a clock ahead" => [Seal(first with { Instant = TestCommunity.At(9) })],
            "a clock not set" => [Seal(first with { Flags = ReadingFlags.None })],
            "a month and a week ago" => [Seal(first with { Instant = TestCommunity.At(8) - Duration.FromDays(37) })],
            "within an interval" => [Seal(first with { Instant = TestCommunity.At(4) + Duration.FromMinutes(1) })],
            "no JSON" => [Encoding.UTF8.GetBytes("meter=1")],
            "nothing" => [[]],
            "a name twice" => [Encoding.UTF8.GetBytes(good.Replace("\"boot\":1", "\"boot\":1,\"boot\":1", StringComparison.Ordinal))],
            "a negative register" => [Encoding.UTF8.GetBytes(good.Replace("\"import\":\"", "\"import\":\"-", StringComparison.Ordinal))],
            "noise behind the reading" => [Encoding.UTF8.GetBytes(good + "{}")],
            "broken CBOR" => [[0xbf, 0x65, 0x6d, 0x65, 0x74, 0xff]],
            "three thousand bytes" => [Encoding.UTF8.GetBytes(good + new string(' ', 3000 - good.Length))],
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "no such case"),
        };
    }

    // 25 kW for a quarter of an hour are 6.25 kWh.
    private static Registers AboveConnection(Registers was) =>
        was with { Export = was.Export.Advance(Energy.FromMilliwattHours(6_250_001)) };

    public sealed class Community : SharedCommunity
    {
        protected override async Task<TestCommunity> BeginAsync()
        {
            var known = Cases.Select(row => (string)row[0]).Where(what => what != "a stranger");
            var community = new TestCommunity([.. known.Select(what => new TestMeter(what))]);
            await community.OpenOrGoAsync(now: 8);
            return community;
        }
    }
}
