using System.ComponentModel;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Indexing;
using Busbar.Node.Api.Describing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime.Text;

namespace Busbar.Node.Api;

/// <summary>Blocks and anchors.</summary>
internal static class LedgerApi
{
    public static async Task<Results<Ok<Page<AnchorRow>>, ProblemHttpResult>> AnchorsAsync(
        NodeParts parts, uint? microgrid, string? cursor, int? limit, CancellationToken cancellation)
    {
        NodaTime.Instant? earlier = null;
        if (cursor is not null)
        {
            var parsed = InstantPattern.ExtendedIso.Parse(cursor);
            if (!parsed.Success)
                return Problems.BadRequest($"cursor is no instant such as 2026-01-31T10:15:00Z: {cursor[..Math.Min(cursor.Length, 40)]}");
            earlier = parsed.Value;
        }

        var most = PageLimit.Of(limit);
        var closed = await parts.Store!.Readings.ClosedBeforeAsync(new(microgrid ?? 1), earlier, most, cancellation);
        var next = closed.Count == most ? Forms.Text(closed[^1].Interval.Start) : null;
        return TypedResults.Ok(new Page<AnchorRow>(await RowsAsync(parts, closed, cancellation), next));
    }

    public static async Task<Results<Ok<TreeDocument>, ProblemHttpResult>> TreeAsync(
        NodeParts parts, uint microgrid, string start, int? version, CancellationToken cancellation)
    {
        if (!InstantPattern.ExtendedIso.Parse(start).TryGetValue(default, out var at))
            return Problems.BadRequest("start is an instant such as 2026-01-31T10:15:00Z");
        if (await parts.Store!.Readings.ClosedAsync(new(microgrid), at, version, cancellation) is not { } closed
            || await parts.Proofs!.OutlineAsync(closed.Microgrid, at, closed.Version, cancellation) is not { } outline)
            return Problems.NotFound("no such interval");
        return TypedResults.Ok(new TreeDocument(
            microgrid,
            Forms.Text(at),
            closed.Interval.Length.Minutes,
            closed.Version,
            outline.Count,
            outline.Root.Hash.ToString(),
            Forms.Number(outline.Root.Sum.Import.MilliwattHours),
            Forms.Number(outline.Root.Sum.Export.MilliwattHours),
            [.. outline.Levels.Select(level => level.Select(node => new TreeNodeDocument(node.Leaves, node.Hash?.ToString())).ToArray())]));
    }

    public static BlockRow Block(IndexedBlock block) =>
        new(block.Number, block.Hash.ToString(), Forms.Text(block.Time), block.Transactions, block.GasUsed);

    /// <summary>Closed intervals with what has become of them on the ledger, in their order.</summary>
    public static async Task<IReadOnlyList<AnchorRow>> RowsAsync(
        NodeParts parts, IReadOnlyList<ClosedInterval> closed, CancellationToken cancellation)
    {
        var status = await parts.Store!.Outbox.StatusAsync([.. closed.Select(interval => interval.Key)], cancellation);
        return [.. closed.Select(interval => Anchor(parts, interval, status.GetValueOrDefault(interval.Key)))];
    }

    private static AnchorRow Anchor(NodeParts parts, ClosedInterval closed, OutboxStatus? status)
    {
        // Another root under the same number is not ours, whoever put it there.
        var anchored = parts.Ledger!.Anchor(closed.Microgrid, closed.Interval.Start, closed.Version) is { } found && found.Root == closed.Root
            ? found
            : null;
        return new(
            closed.Microgrid.Number,
            Forms.Text(closed.Interval.Start),
            closed.Interval.Length.Minutes,
            closed.Version,
            closed.Root.Hash.ToString(),
            closed.Count,
            Forms.Number(closed.Root.Sum.Import.MilliwattHours),
            Forms.Number(closed.Root.Sum.Export.MilliwattHours),
            anchored is not null ? "anchored" : status?.State switch
            {
                OutboxState.Sent => "sent",
                OutboxState.Failed => "failed",
                _ => "waiting",
            },
            anchored is not null ? null : status?.Failure ?? ReasonToWait(parts, closed),
            anchored?.Block,
            anchored?.Transaction.ToString(),
            anchored is null or { Balance: BalanceOutcome.None } ? null : anchored.Balance.ToString(),
            anchored?.Missing is { } missing ? Forms.Number(missing.MilliwattHours) : null);
    }

    private static string? ReasonToWait(NodeParts parts, ClosedInterval closed) =>
        parts.Dispatcher!.Blocked.FirstOrDefault(blocked => blocked.Key == closed.Key)?.Reason;
}

/// <summary>A block.</summary>
internal sealed record BlockRow(ulong Number, string Hash, string Time, int Transactions, ulong GasUsed);

/// <summary>A version of a closed interval and how it stands on the ledger.</summary>
internal sealed record AnchorRow(
    uint Microgrid,
    string Start,
    int Minutes,
    int Version,
    string Root,
    [property: Description("The number of leaves.")] int Count,
    string ImportMwh,
    string ExportMwh,
    [property: OneOf("waiting", "sent", "anchored", "failed")] string Status,
    [property: Description("Why it failed or waits; null otherwise.")] string? Reason,
    ulong? Block,
    string? Transaction,
    [property: OneOf(typeof(BalanceOutcome), Letters.AsNamed)]
    [property: Description("Null while it waits.")] string? Balance,
    [property: Description("What the transformer delivered and nobody took, in milliwatt-hours.")] string? MissingMwh);

/// <summary>An interval's tree, from the root down; hashes over few leaves are not told, since sums behind them could be guessed.</summary>
internal sealed record TreeDocument(
    uint Microgrid,
    string Start,
    int Minutes,
    int Version,
    int Count,
    string Root,
    string ImportMwh,
    string ExportMwh,
    IReadOnlyList<IReadOnlyList<TreeNodeDocument>> Levels);

/// <summary>A node of the tree.</summary>
internal sealed record TreeNodeDocument(int Leaves, string? Hash);

/// <summary>An authority's request to see data, once the ledger has the contract for them.</summary>
internal sealed record AccessRequestRow(string Id, string At, string From, string Premises, string Purpose);
