using System.Globalization;
using System.Numerics;

namespace Busbar.Cryptography.Tests;

/// <summary>The scalars against big integers.</summary>
public sealed class ScalarTests
{
    private static readonly BigInteger Order =
        BigInteger.Parse("0fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", NumberStyles.HexNumber);

    private static readonly BigInteger Lambda =
        BigInteger.Parse("05363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72", NumberStyles.HexNumber);

    private static IEnumerable<BigInteger> Numbers => Numerals.Edges(Order).Concat(Numerals.Draw(30, Order));

    [Fact]
    public void Arithmetic_EdgesAndRandom_AgreesWithBigIntegers()
    {
        foreach (var a in Numbers)
        {
            var x = Make(a);
            Assert.Equal(Numerals.Modulo(-a, Order), Value(x.Negate()));
            Assert.Equal(a.IsZero ? 0 : BigInteger.ModPow(a, Order - 2, Order), Value(x.Invert()));
            Assert.Equal(a > Order / 2 ? ulong.MaxValue : 0, x.HighMask);
            foreach (var b in Numbers)
            {
                Assert.Equal(a * b % Order, Value(x * Make(b)));
                Assert.Equal((a + b) % Order, Value(x + Make(b)));
            }
        }
    }

    [Fact]
    public void Split_EdgesAndRandom_GivesTwoShortHalves()
    {
        foreach (var a in Numbers)
        {
            Endomorphism.Split(Make(a), out var k1, out var k2);
            Assert.Equal(a, (Value(k1) + (Lambda * Value(k2))) % Order);
            foreach (var half in new[] { Value(k1), Value(k2) })
                Assert.True(BigInteger.Min(half, Order - half) < BigInteger.Pow(2, 128));
        }
    }

    [Fact]
    public void NonAdjacentForm_EdgesAndRandom_SumsToTheNumber()
    {
        Span<short> digits = stackalloc short[NonAdjacentForm.Digits];
        foreach (var width in new[] { 5, GeneratorTable.OddWidth })
        {
            foreach (var number in Numbers.Select(number => (UInt128)(number % BigInteger.Pow(2, 128))).Append(UInt128.MaxValue))
            {
                var length = NonAdjacentForm.Write(number, negative: true, width, digits);
                BigInteger sum = 0;
                for (var i = 0; i < digits.Length; i++)
                {
                    Assert.True(digits[i] == 0 || (i < length && digits[i] % 2 != 0 && Math.Abs(digits[i]) < 1 << (width - 1)));
                    sum += digits[i] * BigInteger.Pow(2, i);
                }

                Assert.Equal(-(BigInteger)number, sum);
            }
        }
    }

    [Fact]
    public void Read_OrderAndAbove_IsReducedAndSaidSo()
    {
        Assert.False(Scalar.Read(Numerals.ToBytes(Order), out var zero));
        Assert.True(zero.IsZero);
        Assert.False(Scalar.Read(Numerals.ToBytes(BigInteger.Pow(2, 256) - 1), out var rest));
        Assert.Equal(BigInteger.Pow(2, 256) - 1 - Order, Value(rest));
    }

    private static Scalar Make(BigInteger number)
    {
        Assert.True(Scalar.Read(Numerals.ToBytes(number), out var scalar));
        return scalar;
    }

    private static BigInteger Value(Scalar scalar)
    {
        var bytes = new byte[32];
        scalar.Write(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }
}
