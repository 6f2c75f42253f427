using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;

namespace Busbar.Domain.Tests.Metering;

public sealed class TreeOutlineTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(17)]
    [InlineData(33)]
    [InlineData(100)]
    public void Outline_OfAnyTree_ShowsNoHashOverFewerThanEightLeavesButTheRoots(int count)
    {
        var tree = Tree(count);
        var outline = tree.Outline();
        Assert.Equal((tree.Root, count), (outline.Root, outline.Count));
        Assert.All(outline.Levels.Skip(1).SelectMany(level => level), node => Assert.Equal(node.Leaves >= 8, node.Hash is not null));
        Assert.All(outline.Levels, level => Assert.Equal(count, level.Sum(node => node.Leaves)));
        if (count > 0)
            Assert.Equal(tree.Root.Hash, Assert.Single(outline.Levels[0]).Hash);
    }

    [Fact]
    public void Outline_ALoneLeafThatWasPromoted_IsNotTold()
    {
        // Nine leaves: the ninth goes up unchanged until it stands beside the root of the other eight.
        var outline = Tree(9).Outline();
        Assert.Equal([8, 1], outline.Levels[1].Select(node => node.Leaves));
        Assert.Null(outline.Levels[1][1].Hash);
        Assert.Equal(Tree(8).Root.Hash, outline.Levels[1][0].Hash);
        Assert.Equal(2, outline.Levels.Count);
    }

    private static MerkleSumTree Tree(int count) => MerkleSumTree.Build([.. Enumerable.Range(0, count).Select(Leaf)]);

    private static Leaf Leaf(int number)
    {
        var energy = new EnergySum(Energy.FromMilliwattHours(number), Energy.Zero);
        var registers = new Registers(MeterRegister.FromMilliwattHours(1_000 + number), default);
        return new(new(PrivateKey.FromSeed([(byte)number]).Address), registers, energy, LeafFlags.None, Hash256.Zero, Hash256.Zero);
    }
}
