using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Tests.Testing;

namespace Busbar.Domain.Tests.Metering;

public sealed class MerkleSumTreeTests
{
    public static TheoryData<int> Counts => [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 31, 33, 150];

    [Fact]
    public void Build_VectorsOfTheContract_HaveTheSameRootsAndProofs()
    {
        var compared = 0;
        foreach (var tree in ContractVectors.Read("merkle-sum.json")["trees"]!.AsArray().Where(tree => ContractVectors.IsInRange(tree!)))
        {
            var leaves = tree!["leaves"]!.AsArray().Select(leaf => ContractVectors.Leaf(leaf!)).ToArray();
            Assert.Equal(tree["leaves"]!.AsArray().Select(leaf => ContractVectors.Hash(leaf!, "hash")), leaves.Select(leaf => leaf.Hash()));

            var built = MerkleSumTree.Build(leaves);

            Assert.Equal(new SumNode(ContractVectors.Hash(tree, "root"), ContractVectors.Sum(tree)), built.Root);
            foreach (var proof in tree["proofs"]!.AsArray())
                Assert.Equal(ContractVectors.Siblings(proof!), built.Prove((int)proof!["index"]!).Siblings);
            compared++;
        }

        Assert.True(compared >= 10, "too few trees within the range of an energy");
    }

    [Fact]
    public void RootFor_ClaimsOfTheContract_AreJudgedTheSame()
    {
        foreach (var claim in ContractVectors.Read("merkle-sum.json")["claims"]!.AsArray())
        {
            if (claim!["siblings"]!.AsArray().Any(sibling => !ContractVectors.IsInRange(sibling!)))
                continue;
            var proof = new MerkleSumProof((int)claim["index"]!, (int)claim["count"]!, ContractVectors.Siblings(claim));

            var root = proof.RootFor(ContractVectors.Leaf(claim["leaf"]!));

            var holds = root == new SumNode(ContractVectors.Hash(claim, "root"), ContractVectors.Sum(claim));
            Assert.True(holds == (bool)claim["valid"]!, (string)claim["name"]!);
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Prove_EveryLeaf_LeadsToTheRootWhoseSumsAreTheLeaves(int count)
    {
        var leaves = Leaves(count);

        var tree = MerkleSumTree.Build(leaves);

        Assert.Equal(leaves.Select(leaf => leaf.Energy).Aggregate((left, right) => left + right), tree.Root.Sum);
        for (var index = 0; index < count; index++)
            Assert.Equal(tree.Root, tree.Prove(index).RootFor(leaves[index]));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void RootFor_AnotherIndexCountOrLength_IsNotTheRoot(int count)
    {
        var leaves = Leaves(count);
        var tree = MerkleSumTree.Build(leaves);
        for (var index = 0; index < count; index++)
        {
            var proof = tree.Prove(index);
            for (var other = -1; other <= count; other++)
            {
                if (other != index)
                    Assert.NotEqual(tree.Root, (proof with { Index = other }).RootFor(leaves[index]));
            }

            Assert.Null((proof with { Siblings = [.. proof.Siblings, new(Sample.Hash(1), default)] }).RootFor(leaves[index]));
            if (proof.Siblings.Count > 0)
                Assert.Null((proof with { Siblings = [.. proof.Siblings.SkipLast(1)] }).RootFor(leaves[index]));
        }
    }

    [Fact]
    public void RootFor_AnyPartOfTheLeafOrASiblingChanged_IsNotTheRoot()
    {
        var leaves = Leaves(7);
        var tree = MerkleSumTree.Build(leaves);
        for (var index = 0; index < leaves.Length; index++)
        {
            var (leaf, proof) = (leaves[index], tree.Prove(index));
            Leaf[] changed =
            [
                leaf with { Meter = Sample.Meter(99) },
                leaf with { Closing = Sample.Registers(1, 2) },
                leaf with { Closing = leaf.Closing with { Bands = Sample.Registers(0, 0, 0, 0, 0, 1).Bands } },
                leaf with { Energy = leaf.Energy + Sample.Energy(1) },
                leaf with { Energy = leaf.Energy + Sample.Energy(0, 1) },
                leaf with { Flags = LeafFlags.Estimated },
                leaf with { ReadingDigest = Sample.Hash(200) },
                leaf with { Salt = Sample.Hash(201) },
            ];
            Assert.All(changed, other => Assert.NotEqual(tree.Root, proof.RootFor(other)));
            for (var level = 0; level < proof.Siblings.Count; level++)
            {
                var sibling = proof.Siblings[level];
                SumNode[] others = [sibling with { Hash = Sample.Hash(202) }, sibling with { Sum = sibling.Sum + Sample.Energy(1) }];
                Assert.All(others, other =>
                {
                    SumNode[] siblings = [.. proof.Siblings];
                    siblings[level] = other;
                    Assert.NotEqual(tree.Root, (proof with { Siblings = siblings }).RootFor(leaf));
                });
            }
        }
    }

    [Fact]
    public void RootFor_EnergyMovedBetweenSiblings_ChangesTheRoot()
    {
        var leaves = Leaves(2);
        var tree = MerkleSumTree.Build(leaves);
        var proof = tree.Prove(0);
        var moved = proof with { Siblings = [proof.Siblings[0] with { Sum = proof.Siblings[0].Sum + Sample.Energy(1) }] };

        var root = moved.RootFor(leaves[0] with { Energy = new(leaves[0].Energy.Import - Energy.FromMilliwattHours(1), leaves[0].Energy.Export) });

        Assert.Equal(tree.Root.Sum, root!.Value.Sum);
        Assert.NotEqual(tree.Root.Hash, root.Value.Hash);
    }

    [Fact]
    public void RootFor_LeafAndNodeFormsCannotBeMistaken()
    {
        // A node's 97 bytes as a leaf would need the leaf's tag; a tree of one leaf is the leaf itself, and nothing is below it.
        var leaves = Leaves(4);
        var tree = MerkleSumTree.Build(leaves);

        Assert.Null(new MerkleSumProof(0, 1, tree.Prove(0).Siblings).RootFor(leaves[0]));
        Assert.Equal(leaves[0].Hash(), MerkleSumTree.Build([leaves[0]]).Root.Hash);
    }

    [Fact]
    public void Build_LastLeafWithoutSibling_IsPromotedAndNotDoubled()
    {
        var leaves = Leaves(3);

        var tree = MerkleSumTree.Build(leaves);

        Assert.Single(tree.Prove(2).Siblings);
        Assert.Equal(MerkleSumTree.Join(MerkleSumTree.Build(leaves[..2]).Root, new(leaves[2].Hash(), leaves[2].Energy)), tree.Root);
        Assert.NotEqual(MerkleSumTree.Build([.. leaves, leaves[2]]).Root, tree.Root);
    }

    [Fact]
    public void Build_NoLeaves_IsZero()
    {
        var tree = MerkleSumTree.Build([]);

        Assert.Equal(default, tree.Root);
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.Prove(0));
    }

    [Fact]
    public void Build_SumsBeyondTheRange_Throws() => Assert.Throws<OverflowException>(() => MerkleSumTree.Build(
        [Sample.Leaf(1, long.MaxValue - 1_000), Sample.Leaf(2, 1_001)]));

    [Fact]
    public void RootFor_OverflowOrNegativeSums_IsNull()
    {
        var leaf = Sample.Leaf(1, 10);

        Assert.Null(new MerkleSumProof(0, 2, [new(Sample.Hash(1), Sample.Energy(long.MaxValue - 9))]).RootFor(leaf));
        Assert.Null(new MerkleSumProof(0, 2, [new(Sample.Hash(1), Sample.Energy(0, -1))]).RootFor(leaf));
        Assert.Null(new MerkleSumProof(0, 2, [new(Sample.Hash(1), Sample.Energy(-1))]).RootFor(leaf));
        Assert.Null(new MerkleSumProof(0, 1, []).RootFor(leaf with { Energy = Sample.Energy(-1) }));
        Assert.NotNull(new MerkleSumProof(0, 2, [new(Sample.Hash(1), Sample.Energy(long.MaxValue - 10))]).RootFor(leaf));
    }

    private static Leaf[] Leaves(int count) => [.. Enumerable.Range(0, count).Select(i => Sample.Leaf(i, 10 + i, i % 3))];
}
