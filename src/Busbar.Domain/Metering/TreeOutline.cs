using Busbar.Cryptography;

namespace Busbar.Domain.Metering;

/// <summary>
/// A tree for drawing, safe to show to everyone. A node's hash is over its children's hashes and sums, so whoever saw both
/// children's hashes could try out their sums, which are small numbers. Hence only nodes over so many leaves show their hash,
/// that such a sum is of many households; of what is below, only the shape is told.
/// </summary>
/// <param name="Root">The root with the sums of all leaves, as anchored; zero when there are none.</param>
/// <param name="Count">How many leaves there are; it alone gives the tree's shape.</param>
/// <param name="Levels">From the root down to the last level of which any hash is told, each from left to right.</param>
public sealed record TreeOutline(SumNode Root, int Count, IReadOnlyList<IReadOnlyList<OutlineNode>> Levels)
{
    /// <summary>How many leaves a node that shows its hash is over, at least; the root shows its in any case, as the ledger does.</summary>
    public const int FewestLeaves = 8;

    internal static TreeOutline Of(SumNode[][] levels)
    {
        var count = levels[0].Length;
        if (count == 0)
            return new(default, 0, []);
        var told = new List<IReadOnlyList<OutlineNode>>();
        for (var level = levels.Length - 1; level >= 0; level--)
        {
            var nodes = levels[level];
            var isRoot = level == levels.Length - 1;
            if (!isRoot && Leaves(0, level, count) < FewestLeaves)
                break;
            told.Add([.. nodes.Select((node, place) => Node(node, Leaves(place, level, count), isRoot))]);
        }

        return new(levels[^1][0], count, told);
    }

    private static OutlineNode Node(in SumNode node, int leaves, bool isRoot) =>
        new(leaves, isRoot || leaves >= FewestLeaves ? node.Hash : null);

    // The leftmost nodes of a level are full; the last one has what is left.
    private static int Leaves(int place, int level, int count) => (int)Math.Min(1L << level, count - ((long)place << level));
}

/// <summary>A node of a drawn tree.</summary>
/// <param name="Leaves">Over how many leaves it is.</param>
/// <param name="Hash">Its hash; null where it is not told.</param>
public readonly record struct OutlineNode(int Leaves, Hash256? Hash);
