using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Indexing;
using Microsoft.AspNetCore.Http;
using NodaTime.Text;

namespace Busbar.Node.Api;

/// <summary>Blocks and anchors.</summary>
internal static class LedgerApi
{
    private const int MostRows = 200;
    private const int DefaultRows = 20;

    public static async Task<IResult> BlocksAsync(NodeParts parts, ulong? below, int? limit, CancellationToken cancellation)
    {
        var blocks = await parts.Store!.Events.BlocksAsync(below, Math.Clamp(limit ?? DefaultRows, 1, MostRows), cancellation);
        return Results.Ok(blocks.Select(Block));
    }

    public static async Task<IResult> AnchorsAsync(NodeParts parts, uint? microgrid, string? before, int? limit, CancellationToken cancellation)
    {
        NodaTime.Instant? earlier = null;
        if (before is not null)
        {
            var parsed = InstantPattern.ExtendedIso.Parse(before);
            if (!parsed.Success)
                return Problems.BadRequest($"before is no instant such as 2026-01-31T10:15:00Z: {before[..Math.Min(before.Length, 40)]}");
            earlier = parsed.Value;
        }

        var id = new MicrogridId(microgrid ?? 1);
        var closed = await parts.Store!.Readings.ClosedBeforeAsync(id, earlier, Math.Clamp(limit ?? DefaultRows, 1, MostRows), cancellation);
        return Results.Ok(await WithStatusAsync(parts, closed, cancellation));
    }

    public static object Block(IndexedBlock block) => new
    {
        number = block.Number,
        hash = block.Hash.ToString(),
        time = CommunityApi.Text(block.Time),
        transactions = block.Transactions,
        gasUsed = block.GasUsed,
    };

    /// <summary>Closed intervals with what has become of them on the ledger, in their order.</summary>
    public static async Task<IReadOnlyList<object>> WithStatusAsync(
        NodeParts parts, IReadOnlyList<ClosedInterval> closed, CancellationToken cancellation)
    {
        var status = await parts.Store!.Outbox.StatusAsync([.. closed.Select(interval => interval.Key)], cancellation);
        return [.. closed.Select(interval => Anchor(parts, interval, status.GetValueOrDefault(interval.Key)))];
    }

    private static object Anchor(NodeParts parts, ClosedInterval closed, OutboxStatus? status)
    {
        // Another root under the same number is not ours, whoever put it there.
        var anchored = parts.Ledger!.Anchor(closed.Microgrid, closed.Interval.Start, closed.Version) is { } found && found.Root == closed.Root
            ? found
            : null;
        return new
        {
            microgrid = closed.Microgrid.Number,
            start = CommunityApi.Text(closed.Interval.Start),
            minutes = closed.Interval.Length.Minutes,
            version = closed.Version,
            root = closed.Root.Hash.ToString(),
            count = closed.Count,
            importMwh = CommunityApi.Number(closed.Root.Sum.Import.MilliwattHours),
            exportMwh = CommunityApi.Number(closed.Root.Sum.Export.MilliwattHours),
            status = anchored is not null ? "anchored" : status?.State switch
            {
                OutboxState.Sent => "sent",
                OutboxState.Failed => "failed",
                _ => "waiting",
            },
            reason = anchored is not null ? null : status?.Failure ?? ReasonToWait(parts, closed),
            block = anchored?.Block,
            transaction = anchored?.Transaction.ToString(),
            balance = anchored is null or { Balance: BalanceOutcome.None } ? null : anchored.Balance.ToString(),
            missingMwh = anchored?.Missing is { } missing ? CommunityApi.Number(missing.MilliwattHours) : null,
        };
    }

    private static string? ReasonToWait(NodeParts parts, ClosedInterval closed) =>
        parts.Dispatcher!.Blocked.FirstOrDefault(blocked => blocked.Key == closed.Key)?.Reason;
}
