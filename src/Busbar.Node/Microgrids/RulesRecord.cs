using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Node.Microgrids;

/// <summary>The metering rules as a journal's configuration record keeps them.</summary>
internal static class RulesRecord
{
    private const byte Version = 1;

    public static JournalRecord Record(MeteringRules rules, Instant at) => new(RecordKind.Configuration, Version, at, Write(rules));

    public static byte[] Write(MeteringRules rules) => JsonSerializer.SerializeToUtf8Bytes(new Form(
        rules.Length.Minutes,
        rules.Waiting.TotalSeconds,
        rules.CorrectionDelay.TotalSeconds,
        rules.ClockTolerance.TotalSeconds,
        rules.LateLimit.TotalSeconds,
        rules.Connection.Watts,
        new SortedDictionary<string, double>(
            rules.Connections.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value.Watts, StringComparer.Ordinal), StringComparer.Ordinal)));

    public static MeteringRules Read(ReadOnlySpan<byte> json)
    {
        var form = JsonSerializer.Deserialize<Form>(json) ?? throw new InvalidDataException("an empty configuration record");
        return new()
        {
            Length = IntervalLength.FromMinutes(form.IntervalMinutes),
            Waiting = Duration.FromSeconds(form.WaitingSeconds),
            CorrectionDelay = Duration.FromSeconds(form.CorrectionSeconds),
            ClockTolerance = Duration.FromSeconds(form.ToleranceSeconds),
            LateLimit = Duration.FromSeconds(form.LateSeconds),
            Connection = Power.FromWatts(form.ConnectionWatts),
            Connections = form.Connections.ToDictionary(
                pair => new MeterId(Address.Parse(pair.Key)), pair => Power.FromWatts(pair.Value)),
        };
    }

    private sealed record Form(
        int IntervalMinutes,
        double WaitingSeconds,
        double CorrectionSeconds,
        double ToleranceSeconds,
        double LateSeconds,
        double ConnectionWatts,
        SortedDictionary<string, double> Connections);
}
