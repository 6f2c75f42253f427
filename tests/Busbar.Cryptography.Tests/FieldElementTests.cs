using System.Numerics;

namespace Busbar.Cryptography.Tests;

/// <summary>The field against big integers, above all where carries and reductions have their edges.</summary>
public sealed class FieldElementTests
{
    private static readonly BigInteger Prime = BigInteger.Pow(2, 256) - BigInteger.Pow(2, 32) - 977;

    private static IEnumerable<BigInteger> Numbers => Numerals.Edges(Prime).Concat(Numerals.Draw(20, Prime));

    [Fact]
    public void Arithmetic_EdgesAndRandom_AgreesWithBigIntegers()
    {
        foreach (var a in Numbers)
        {
            var x = Make(a);
            AssertSame(a * a, x.Square());
            AssertSame(-a, x.Negate(1));
            AssertSame(a * 21, x.Times(21).Carry());
            AssertSame(a, x.Half() + x.Half());
            AssertSame(a.IsZero ? 0 : BigInteger.ModPow(a, Prime - 2, Prime), FieldPowers.Invert(x));
            Assert.Equal(a.IsZero, x.IsZero());
            Assert.True((x + x.Negate(1)).IsZero());
            foreach (var b in Numbers)
            {
                AssertSame(a * b, x * Make(b));
                AssertSame(a + b, x + Make(b));
            }
        }
    }

    [Fact]
    public void Multiply_GreatestMagnitudes_AgreesWithBigIntegers()
    {
        foreach (var a in Numbers)
        {
            // Negating by one less than the magnitude gives the fullest limbs there are.
            var x = Make(a).Negate(7);
            AssertSame(a * a, x * x);
            AssertSame(a * a, x.Square());
            foreach (var b in Numbers)
                AssertSame(a * b, x * Make(b).Negate(7));
        }
    }

    [Fact]
    public void TrySquareRoot_EdgesAndRandom_OnlyOfSquares()
    {
        foreach (var a in Numbers)
        {
            var isSquare = BigInteger.ModPow(a, (Prime - 1) / 2, Prime) <= 1;
            Assert.Equal(isSquare, FieldPowers.TrySquareRoot(Make(a), out var root));
            if (isSquare)
                AssertSame(a, root * root);
        }
    }

    [Fact]
    public void TryRead_PrimeAndAbove_IsRefused()
    {
        Assert.True(FieldElement.TryRead(Numerals.ToBytes(Prime - 1), out _));
        Assert.False(FieldElement.TryRead(Numerals.ToBytes(Prime), out _));
        Assert.False(FieldElement.TryRead(Numerals.ToBytes(BigInteger.Pow(2, 256) - 1), out _));
    }

    private static FieldElement Make(BigInteger number)
    {
        Assert.True(FieldElement.TryRead(Numerals.ToBytes(number), out var element));
        return element;
    }

    private static void AssertSame(BigInteger expected, FieldElement actual)
    {
        var bytes = new byte[32];
        actual.Normalize().Write(bytes);
        Assert.Equal(Numerals.Modulo(expected, Prime), new BigInteger(bytes, isUnsigned: true, isBigEndian: true));
    }
}
