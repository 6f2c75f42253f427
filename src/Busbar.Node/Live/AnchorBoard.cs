using System.Collections.Concurrent;
using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Contracts;

namespace Busbar.Node.Live;

/// <summary>How an interval's energy was found to balance.</summary>
/// <param name="Outcome"><c>Balanced</c>, <c>Discrepancy</c> or <c>Unbalanced</c>.</param>
/// <param name="Missing">Milliwatt-hours that are missing; null when there was nothing to hold it against.</param>
internal sealed record BalanceOutcome(string Outcome, BigInteger? Missing);

/// <summary>Where a version stands on the ledger.</summary>
/// <param name="Block">Its block.</param>
/// <param name="Transaction">Its transaction.</param>
/// <param name="ImportSum">The anchored import, milliwatt-hours.</param>
/// <param name="ExportSum">The anchored export, milliwatt-hours.</param>
/// <param name="Balance">How it balanced.</param>
internal sealed record AnchoredVersion(ulong Block, Hash256 Transaction, ulong ImportSum, ulong ExportSum, BalanceOutcome? Balance);

/// <summary>Which versions are on the ledger, from its events alone; one entry a version, about 200 bytes. Thread safe.</summary>
internal sealed class AnchorBoard
{
    private readonly ConcurrentDictionary<AnchorKey, AnchoredVersion> _anchored = new();
    private long _version;

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Where a version stands, or null when it is not on the ledger.</summary>
    public AnchoredVersion? Of(ClosedInterval closed) => _anchored.GetValueOrDefault(
        new(closed.Microgrid.Number, (ulong)closed.Interval.Start.ToUnixTimeSeconds(), (ushort)closed.Version));

    /// <summary>The energy of all newest versions on the ledger, and how many versions and corrections there are.</summary>
    public (BigInteger Import, BigInteger Export, long Intervals, long Corrections) Totals()
    {
        var (import, export, intervals) = (BigInteger.Zero, BigInteger.Zero, 0L);
        foreach (var group in _anchored.GroupBy(pair => (pair.Key.Microgrid, pair.Key.Start)))
        {
            var newest = group.MaxBy(pair => pair.Key.Version).Value;
            (import, export, intervals) = (import + newest.ImportSum, export + newest.ExportSum, intervals + 1);
        }

        return (import, export, intervals, _anchored.Count - intervals);
    }

    /// <summary>Takes the events of a block, in their order.</summary>
    public void Take(IEnumerable<IndexedEvent> events)
    {
        foreach (var record in events)
            Take(record);
        Interlocked.Increment(ref _version);
    }

    /// <summary>The chain took blocks back.</summary>
    public void TakeBack(ulong keptNumber)
    {
        foreach (var (key, _) in _anchored.Where(pair => pair.Value.Block > keptNumber))
            _anchored.TryRemove(key, out _);
        Interlocked.Increment(ref _version);
    }

    private void Take(IndexedEvent record)
    {
        var log = new Log
        {
            Address = record.Contract,
            Topics = record.Topics,
            Data = record.Data,
            BlockNumber = record.Block,
            TransactionHash = record.Transaction,
            LogIndex = (ulong)record.LogIndex,
        };
        if (Anchors.Events.Anchored.TryDecode(log, out var anchored))
            SetAnchored(anchored, record);
        else if (Anchors.Events.Balanced.TryDecode(log, out var balanced))
            SetBalance(new(balanced.Microgrid, balanced.Start, balanced.Version), new("Balanced", balanced.Missing));
        else if (Anchors.Events.Discrepancy.TryDecode(log, out var discrepancy))
            SetBalance(new(discrepancy.Microgrid, discrepancy.Start, discrepancy.Version), new("Discrepancy", discrepancy.Missing));
        else if (Anchors.Events.Unbalanced.TryDecode(log, out var unbalanced))
            SetBalance(new(unbalanced.Microgrid, unbalanced.Start, unbalanced.Version), new("Unbalanced", null));
    }

    private void SetAnchored(Anchors.Events.Anchored anchored, IndexedEvent record)
    {
        var version = new AnchoredVersion(record.Block, record.Transaction, anchored.ImportSum, anchored.ExportSum, null);
        _anchored.AddOrUpdate(
            new(anchored.Microgrid, anchored.Start, anchored.Version), version, (_, before) => version with { Balance = before.Balance });
    }

    // The balance's event may come before or after that of the anchor itself.
    private void SetBalance(AnchorKey key, BalanceOutcome balance) => _anchored.AddOrUpdate(
        key, _ => new(0, default, 0, 0, balance), (_, anchored) => anchored with { Balance = balance });

    private readonly record struct AnchorKey(uint Microgrid, ulong Start, ushort Version);
}
