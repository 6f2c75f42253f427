using System.Buffers.Binary;
using Busbar.Cryptography;

namespace Busbar.Domain.Metering;

/// <summary>A node of the tree: a hash, and the sums of everything under it.</summary>
/// <param name="Hash">The leaf's or node's hash.</param>
/// <param name="Sum">Import and export below it.</param>
public readonly record struct SumNode(Hash256 Hash, EnergySum Sum);

/// <summary>
/// A Merkle-sum tree: every node hashes both children's hashes and each child's own sums, so no total can be shifted between
/// them. A node without a sibling at the end of a level is promoted unchanged. Immutable; safe for concurrent readers.
/// </summary>
public sealed class MerkleSumTree
{
    private const int NodeSize = 97;
    private const byte NodeTag = 0x01;

    private readonly SumNode[][] _levels;

    private MerkleSumTree(SumNode[][] levels) => _levels = levels;

    /// <summary>The root, with the sums of all leaves; zero when there are none.</summary>
    public SumNode Root => Count == 0 ? default : _levels[^1][0];

    /// <summary>How many leaves there are.</summary>
    public int Count => _levels[0].Length;

    /// <summary>Builds the tree over leaves in their given order.</summary>
    /// <exception cref="OverflowException">The sums do not fit 64 bits.</exception>
    public static MerkleSumTree Build(IReadOnlyList<Leaf> leaves)
    {
        var level = new SumNode[leaves.Count];
        for (var i = 0; i < level.Length; i++)
            level[i] = new(leaves[i].Hash(), leaves[i].Energy);
        var levels = new List<SumNode[]> { level };
        while (level.Length > 1)
        {
            var above = new SumNode[(level.Length + 1) / 2];
            for (var i = 0; i < above.Length; i++)
                above[i] = (2 * i) + 1 < level.Length ? Join(level[2 * i], level[(2 * i) + 1]) : level[2 * i];
            levels.Add(level = above);
        }

        return new([.. levels]);
    }

    /// <summary>The proof that the leaf at an index, 0 or more, is in the tree.</summary>
    public MerkleSumProof Prove(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var siblings = new List<SumNode>();
        var at = index;
        foreach (var level in _levels[..^1])
        {
            if ((at ^ 1) < level.Length)
                siblings.Add(level[at ^ 1]);
            at >>= 1;
        }

        return new(index, Count, siblings);
    }

    /// <summary>The tree for drawing, without what could tell one household's energy.</summary>
    public TreeOutline Outline() => TreeOutline.Of(_levels);

    internal static SumNode Join(in SumNode left, in SumNode right)
    {
        Span<byte> form = stackalloc byte[NodeSize];
        form[0] = NodeTag;
        Write(left, form[1..]);
        Write(right, form[49..]);
        return new(Keccak256.Hash(form), left.Sum + right.Sum);
    }

    private static void Write(in SumNode node, Span<byte> destination)
    {
        node.Hash.CopyTo(destination);
        BinaryPrimitives.WriteInt64BigEndian(destination[32..], node.Sum.Import.MilliwattHours);
        BinaryPrimitives.WriteInt64BigEndian(destination[40..], node.Sum.Export.MilliwattHours);
    }
}
