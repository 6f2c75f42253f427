using Busbar.Ledger.Anchoring;

namespace Busbar.Node;

/// <summary>The contract refused what the node wanted to anchor: node and ledger disagree, and a person must look.</summary>
/// <param name="failures">What was refused and why.</param>
public sealed class LedgerRefusedException(IReadOnlyList<AnchorFailure> failures) : Exception(
    "the ledger refused " + string.Join("; ", failures.Select(failure =>
        $"microgrid {failure.Key.Microgrid}, interval {failure.Key.Interval}, version {failure.Key.Version}: {failure.Reason}")))
{
    /// <summary>What was refused.</summary>
    public IReadOnlyList<AnchorFailure> Failures { get; } = failures;
}
