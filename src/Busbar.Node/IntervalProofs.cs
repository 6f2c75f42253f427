using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Proofs;

namespace Busbar.Node;

/// <summary>The tree of one version of an interval, with everything that its proofs need. Thread safe.</summary>
internal sealed class IntervalProofs
{
    private readonly ContractAddresses _contracts;
    private readonly ClosedInterval _closed;
    private readonly IReadOnlyList<Leaf> _leaves;
    private readonly IReadOnlyDictionary<MeterId, SignedReading> _closing;
    private readonly MerkleSumTree _tree;
    private readonly Dictionary<MeterId, int> _places = [];

    public IntervalProofs(
        ContractAddresses contracts,
        ClosedInterval closed,
        IReadOnlyList<Leaf> leaves,
        IReadOnlyDictionary<MeterId, SignedReading> closing,
        MerkleSumTree tree)
    {
        (_contracts, _closed, _leaves, _closing, _tree) = (contracts, closed, leaves, closing, tree);
        for (var place = 0; place < leaves.Count; place++)
            _places.Add(leaves[place].Meter, place);
    }

    /// <summary>The proof of a meter's leaf; null when it has none.</summary>
    public ProofDocument? Of(MeterId meter)
    {
        if (!_places.TryGetValue(meter, out var place))
            return null;
        var leaf = _leaves[place];
        var signed = leaf.ReadingDigest.IsZero ? null : _closing.GetValueOrDefault(meter);
        return ProofDocument.Create(_contracts, _closed, leaf, signed, _tree.Prove(place));
    }
}
