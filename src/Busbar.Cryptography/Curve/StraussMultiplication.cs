namespace Busbar.Cryptography;

/// <summary>a G + b P for public values, with one run of doublings for both products (Strauss 1964).</summary>
internal static class StraussMultiplication
{
    private const int PointWidth = 5;
    private const int PointMultiples = 1 << (PointWidth - 2);

    public static JacobianPoint Multiply(in Scalar a, in Scalar b, in AffinePoint point)
    {
        Span<JacobianPoint> multiples = stackalloc JacobianPoint[PointMultiples];
        Span<JacobianPoint> mapped = stackalloc JacobianPoint[PointMultiples];
        FillOddMultiples(point, multiples, mapped);

        Span<short> first = stackalloc short[NonAdjacentForm.Digits];
        Span<short> second = stackalloc short[NonAdjacentForm.Digits];
        Span<short> low = stackalloc short[NonAdjacentForm.Digits];
        Span<short> high = stackalloc short[NonAdjacentForm.Digits];
        Endomorphism.Split(b, out var b1, out var b2);
        var length = WriteSigned(b1, first);
        length = Math.Max(length, WriteSigned(b2, second));
        length = Math.Max(length, NonAdjacentForm.Write(a.Low, negative: false, GeneratorTable.OddWidth, low));
        length = Math.Max(length, NonAdjacentForm.Write(a.High, negative: false, GeneratorTable.OddWidth, high));

        var sum = JacobianPoint.Infinity;
        for (var i = length - 1; i >= 0; i--)
        {
            sum = sum.Double();
            if (first[i] != 0)
                sum = Add(sum, multiples, first[i]);
            if (second[i] != 0)
                sum = Add(sum, mapped, second[i]);
            if (low[i] != 0)
                sum = Add(sum, GeneratorTable.OddLow, low[i]);
            if (high[i] != 0)
                sum = Add(sum, GeneratorTable.OddHigh, high[i]);
        }

        return sum;
    }

    private static void FillOddMultiples(in AffinePoint point, Span<JacobianPoint> multiples, Span<JacobianPoint> mapped)
    {
        multiples[0] = new JacobianPoint(point);
        var twice = multiples[0].Double();
        for (var i = 1; i < multiples.Length; i++)
            multiples[i] = multiples[i - 1].Add(twice);
        for (var i = 0; i < multiples.Length; i++)
            mapped[i] = new JacobianPoint(multiples[i].X * Endomorphism.Beta, multiples[i].Y, multiples[i].Z);
    }

    private static int WriteSigned(in Scalar half, Span<short> digits)
    {
        var negative = half.HighMask != 0;
        return NonAdjacentForm.Write((negative ? half.Negate() : half).Low, negative, PointWidth, digits);
    }

    private static JacobianPoint Add(in JacobianPoint sum, ReadOnlySpan<JacobianPoint> multiples, int digit) => digit > 0
        ? sum.Add(multiples[digit >> 1])
        : sum.Add(multiples[-digit >> 1].Negate());

    private static JacobianPoint Add(in JacobianPoint sum, ReadOnlySpan<AffinePoint> multiples, int digit) => digit > 0
        ? sum.Add(multiples[digit >> 1])
        : sum.Add(multiples[-digit >> 1].Negate());
}
