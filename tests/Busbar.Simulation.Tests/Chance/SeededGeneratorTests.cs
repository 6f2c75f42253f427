using Busbar.Simulation.Chance;

namespace Busbar.Simulation.Tests.Chance;

public class SeededGeneratorTests
{
    // The first outputs of the authors' xoshiro256** whose state SplitMix64 filled from the seed 0.
    [Fact]
    public void NextBits_SeedZero_IsTheReferenceSequence()
    {
        var generator = new SeededGenerator(0);

        Assert.Equal(
            [0x99EC5F36CB75F2B4UL, 0xBF6E1F784956452AUL, 0x1A5F849D4933E6E0UL],
            new[] { generator.NextBits(), generator.NextBits(), generator.NextBits() });
    }

    [Fact]
    public void NextNormal_Many_HasMeanZeroAndDeviationOne()
    {
        var generator = new SeededGenerator(5);
        var numbers = Enumerable.Range(0, 20_000).Select(_ => generator.NextNormal()).ToList();

        Assert.Equal(0, numbers.Average(), 1);
        Assert.Equal(1, Math.Sqrt(numbers.Average(number => number * number)), 1);
    }

    [Fact]
    public void Below_Many_ReachesEveryNumberAndNoOther()
    {
        var generator = new SeededGenerator(5);

        Assert.Equal([0, 1, 2], Enumerable.Range(0, 200).Select(_ => generator.Below(3)).Distinct().Order());
    }
}
