using System.ComponentModel;
using Busbar.Ledger.Anchoring;
using Busbar.Store.Journal;

namespace Busbar.Node.Api;

/// <summary>What is wrong with the node, for those who can do something about it.</summary>
internal static class HealthApi
{
    public static HealthDocument Read(NodeParts parts) => Of(
        parts.Pump!.Trouble, parts.Audit!.Damaged, parts.Dispatcher!.Blocked, parts.Refusals!.Newest);

    internal static HealthDocument Of(
        string? trouble, IReadOnlyList<JournalDamage> damaged, IReadOnlyList<AnchorFailure> blocked, IReadOnlyList<AnchorFailure> refused) => new(
            trouble is null && damaged.Count == 0 && blocked.Count == 0 && refused.Count == 0,
            trouble,
            [.. damaged.Select(one => new DamagedJournalDocument(one.Journal.ToString(), one.Position, one.Detail))],
            [.. blocked.Select(Anchor)],
            [.. refused.Select(Anchor)]);

    private static RefusedAnchorDocument Anchor(AnchorFailure failure) =>
        new(failure.Key.Microgrid.Number, Forms.Text(failure.Key.Interval.Start), failure.Key.Version, failure.Reason);
}

/// <summary>What is wrong with the node.</summary>
internal sealed record HealthDocument(
    [property: Description("Whether nothing below is wrong.")] bool Well,
    [property: Description("Why nothing that devices send is acknowledged at the moment, such as a full disk; null when it is.")] string? Trouble,
    [property: Description("Journals that are damaged where a start does not look, as the newest daily audit found.")]
    IReadOnlyList<DamagedJournalDocument> DamagedJournals,
    [property: Description("Of each microgrid the first version that waits because the contract would refuse it now.")]
    IReadOnlyList<RefusedAnchorDocument> BlockedAnchors,
    [property: Description("Versions that the contract has refused for good since the node started, newest first, at most 20.")]
    IReadOnlyList<RefusedAnchorDocument> RefusedAnchors);

/// <summary>A damaged journal.</summary>
internal sealed record DamagedJournalDocument(
    string Journal, [property: Description("The first record that cannot be trusted.")] long Position, string Detail);

/// <summary>A version of a closed interval that the contract does not take.</summary>
internal sealed record RefusedAnchorDocument(
    uint Microgrid, string Start, int Version, [property: Description("In the contract's words.")] string Reason);
