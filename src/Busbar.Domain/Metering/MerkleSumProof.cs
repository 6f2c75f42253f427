using Busbar.Domain.Quantities;

namespace Busbar.Domain.Metering;

/// <summary>The way from a leaf to the root. The number of leaves fixes the tree's shape, so nobody can bend the path.</summary>
/// <param name="Index">The leaf's place, 0 or more.</param>
/// <param name="Count">How many leaves the tree has.</param>
/// <param name="Siblings">From the leaf upwards, each level that has a sibling.</param>
public sealed record MerkleSumProof(int Index, int Count, IReadOnlyList<SumNode> Siblings)
{
    /// <summary>The most siblings that a proof can have.</summary>
    public const int MaximumLength = 32;

    /// <summary>
    /// The root that a leaf leads to, or null when the proof has the wrong shape, a negative sum or an overflow.
    /// </summary>
    public SumNode? RootFor(Leaf leaf)
    {
        if (Index < 0 || Index >= Count || Siblings.Count > MaximumLength || !NotNegative(leaf.Energy))
            return null;
        var at = new SumNode(leaf.Hash(), leaf.Energy);
        var (index, width, used) = (Index, Count, 0);
        for (; width > 1; index >>= 1, width = (width / 2) + (width & 1))
        {
            if ((index ^ 1) >= width)
                continue;
            if (used == Siblings.Count || !NotNegative(Siblings[used].Sum))
                return null;
            var sibling = Siblings[used++];
            if (at.Sum.Import.MilliwattHours > long.MaxValue - sibling.Sum.Import.MilliwattHours
                || at.Sum.Export.MilliwattHours > long.MaxValue - sibling.Sum.Export.MilliwattHours)
                return null;
            at = (index & 1) == 0 ? MerkleSumTree.Join(at, sibling) : MerkleSumTree.Join(sibling, at);
        }

        return used == Siblings.Count ? at : null;
    }

    private static bool NotNegative(EnergySum sum) => sum.Import >= Energy.Zero && sum.Export >= Energy.Zero;
}
