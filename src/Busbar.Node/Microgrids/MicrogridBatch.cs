using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Journal;
using Busbar.Node.Intake;
using NodaTime;

namespace Busbar.Node.Microgrids;

/// <summary>A refusal to tell a device of.</summary>
/// <param name="Meter">The device.</param>
/// <param name="Sequence">The reading's number, when the payload was a reading.</param>
/// <param name="Refused">Why.</param>
/// <param name="Firmware">What the meter runs, when its own key signed the reading.</param>
internal sealed record RefusalNotice(MeterId Meter, ulong? Sequence, ReadingRefused Refused, Hash256? Firmware);

/// <summary>Judges and applies journal entries to a microgrid's state, gathering what follows: decision, rows, notices.</summary>
internal sealed class MicrogridBatch(MicrogridState state, SigningDomain domain)
{
    private readonly List<RefusedRecord> _refused = [];
    private readonly List<long> _repeated = [];
    private readonly List<TickRecord> _ticks = [];

    public List<StoreChange> Changes { get; } = [];

    public List<RefusalNotice> Notices { get; } = [];

    public List<(Reading Reading, Registers? Before)> Accepted { get; } = [];

    public List<ClosedInterval> Closed { get; } = [];

    /// <summary>Whether an event of the ledger was among the entries.</summary>
    public bool LedgerChanged { get; private set; }

    public int RepeatedCount => _repeated.Count;

    public BatchDecision Decision(long through) => new(through, _refused, _repeated, _ticks);

    /// <summary>Judges entries that no decision covers yet.</summary>
    public void Judge(IReadOnlyList<JournalEntry> entries)
    {
        var prechecked = PrecheckedReading.CheckAll(entries, domain, trusted: false);
        for (var i = 0; i < entries.Count; i++)
        {
            if (prechecked[i] is { } reading)
                JudgeReading(entries[i], reading);
            else if (entries[i].Record.Kind == RecordKind.Tick)
                JudgeTick(entries[i]);
            else
                ApplyOther(entries[i].Record);
        }
    }

    /// <summary>Applies entries as a decision in the journal has it; nothing is judged, and no rows are written.</summary>
    public void Apply(IReadOnlyList<JournalEntry> entries, BatchDecision decision)
    {
        var refused = decision.Refused.ToDictionary(record => record.Position);
        var repeated = decision.Repeated.ToHashSet();
        var ticks = decision.Ticks.ToDictionary(tick => tick.Position, tick => tick.Closings);
        foreach (var entry in entries)
        {
            if (entry.Record.Kind == RecordKind.Tick)
                state.Metering.ApplyTick(TickTime(entry.Record), ticks.GetValueOrDefault(entry.Position, []));
            else if (entry.Record.Kind != RecordKind.Message)
                ApplyOther(entry.Record);
            else if (!repeated.Contains(entry.Position))
                ApplyMessage(entry, refused.TryGetValue(entry.Position, out var record) ? record : null);
        }
    }

    public static JournalRecord Tick(Instant now)
    {
        var payload = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(payload, now.ToUnixTimeMilliseconds());
        return new(RecordKind.Tick, 1, now, payload);
    }

    private static Instant TickTime(in JournalRecord record) => Instant.FromUnixTimeMilliseconds(
        System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(record.Payload.Span));

    private void ApplyMessage(in JournalEntry entry, RefusedRecord? refused)
    {
        if (refused is { Genuine: false })
            return;
        var reading = PrecheckedReading.Check(entry, domain, trusted: true);
        if (reading?.Reading is not { } signed)
            throw new InvalidDataException($"record {entry.Position} was accepted and is no reading");
        if (refused is null)
            state.Metering.ApplyAccepted(signed, reading.Digest);
        else
            state.Metering.ApplyRefused(signed.Reading, reading.Digest);
    }

    private void ApplyOther(in JournalRecord record)
    {
        switch (record.Kind)
        {
            case RecordKind.LedgerEvent:
                state.Apply(LedgerEventRecord.Read(record));
                LedgerChanged = true;
                break;
            case RecordKind.Command:
                state.Apply(CommandRecord.Read(record));
                break;
            case RecordKind.Restored:
                state.Apply(RestoredRecord.Read(record), domain);
                break;
            case RecordKind.Configuration:
                state.Apply(RulesRecord.Read(record.Payload.Span));
                break;
        }
    }

    private void JudgeReading(in JournalEntry entry, PrecheckedReading prechecked)
    {
        var (verdict, refused) = prechecked.Refused is { } already
            ? (ReadingVerdict.Refused, already)
            : state.Metering.Judge(prechecked.Reading!.Reading, prechecked.Digest, entry.Record.At);
        switch (verdict)
        {
            case ReadingVerdict.Accepted:
                Accept(entry.Record, prechecked.Reading!, prechecked.Digest);
                break;
            case ReadingVerdict.Repeated:
                _repeated.Add(entry.Position);
                break;
            default:
                Refuse(entry, prechecked, refused!);
                break;
        }
    }

    private void Accept(in JournalRecord record, SignedReading signed, Hash256 digest)
    {
        var before = state.Metering.LastReading(signed.Reading.Meter)?.Registers;
        state.Metering.ApplyAccepted(signed, digest);
        Changes.Add(new StoreChange.ReadingAccepted(state.Metering.Microgrid, signed, record.At));
        Accepted.Add((signed.Reading, before));
    }

    private void Refuse(in JournalEntry entry, PrecheckedReading prechecked, ReadingRefused refused)
    {
        var genuine = prechecked.Refused is null;
        if (genuine)
            state.Metering.ApplyRefused(prechecked.Reading!.Reading, prechecked.Digest);
        _refused.Add(new(entry.Position, refused.Reason, genuine));
        var (_, _, payload) = MessageRecord.Read(entry.Record);
        MicrogridId? microgrid = state.Metering.Microgrid.Number == 0 ? null : state.Metering.Microgrid;
        Changes.Add(new StoreChange.Quarantined(
            microgrid,
            entry.Position,
            DeviceTopic.For(prechecked.Meter, DeviceChannel.Reading),
            refused.Reason,
            refused.Detail,
            payload,
            entry.Record.At));
        Notices.Add(new(
            prechecked.Meter, prechecked.Reading?.Reading.Sequence, refused, genuine ? prechecked.Reading!.Reading.Firmware : null));
    }

    private void JudgeTick(in JournalEntry entry)
    {
        var closings = state.Metering.Tick(TickTime(entry.Record));
        if (closings.Count == 0)
            return;
        _ticks.Add(new(entry.Position, [.. closings.Select(closing => closing.Decision)]));
        foreach (var closing in closings)
        {
            var closed = new ClosedInterval(
                state.Metering.Microgrid,
                closing.Interval,
                closing.Version,
                closing.Tree.Root,
                closing.Leaves.Count,
                closing.TransformerOpening,
                closing.TransformerClosing,
                [.. closing.Leaves.Where(IsNotFromReadingsAlone).Select(leaf =>
                    new EstimatedLeaf(leaf.Meter, leaf.Closing, leaf.Energy, leaf.Flags, leaf.ReadingDigest))]);
            Closed.Add(closed);
            Changes.Add(new StoreChange.IntervalClosed(closed));
        }
    }

    private static bool IsNotFromReadingsAlone(Leaf leaf) =>
        (leaf.Flags & (LeafFlags.Estimated | LeafFlags.OpeningEstimated | LeafFlags.RegisterReset)) != LeafFlags.None;
}
