namespace Busbar.Cryptography;

/// <summary>Multiples of the generator, made once at the first use (a few milliseconds).</summary>
internal static class GeneratorTable
{
    /// <summary>The width of the signed windows over the two halves of a public scalar: 1,024 points each, 160 KiB together.</summary>
    public const int OddWidth = 12;

    public const int WindowCount = 64;

    public const int WindowSize = 16;

    /// <summary>G, 3 G, 5 G, …</summary>
    public static AffinePoint[] OddLow { get; } = OddMultiples(new JacobianPoint(AffinePoint.Generator));

    /// <summary>The same times 2^128.</summary>
    public static AffinePoint[] OddHigh { get; } = OddMultiples(DoubleOften(new JacobianPoint(AffinePoint.Generator), 128));

    /// <summary>At 16 i + j: j 16^i G. The entries with j = 0, which is infinity, hold (0, 1).</summary>
    public static AffinePoint[] Windows { get; } = MakeWindows();

    private static JacobianPoint DoubleOften(JacobianPoint point, int times)
    {
        for (var i = 0; i < times; i++)
            point = point.Double();
        return point;
    }

    private static AffinePoint[] OddMultiples(in JacobianPoint point)
    {
        var multiples = new JacobianPoint[1 << (OddWidth - 2)];
        var twice = point.Double();
        multiples[0] = point;
        for (var i = 1; i < multiples.Length; i++)
            multiples[i] = multiples[i - 1].Add(twice);
        return ToAffine(multiples);
    }

    private static AffinePoint[] MakeWindows()
    {
        var points = new JacobianPoint[WindowCount * WindowSize];
        var unit = new JacobianPoint(AffinePoint.Generator);
        for (var window = 0; window < WindowCount; window++)
        {
            var at = window * WindowSize;
            // Any finite point does in the place of infinity, until it is overwritten below.
            points[at] = unit;
            points[at + 1] = unit;
            for (var i = 2; i < WindowSize; i++)
                points[at + i] = points[at + i - 1].Add(unit);
            unit = points[at + WindowSize - 1].Add(unit);
        }

        var affine = ToAffine(points);
        for (var at = 0; at < affine.Length; at += WindowSize)
            affine[at] = new AffinePoint(default, FieldElement.One);
        return affine;
    }

    // Montgomery's trick: one inversion for all.
    private static AffinePoint[] ToAffine(JacobianPoint[] points)
    {
        var products = new FieldElement[points.Length];
        products[0] = points[0].Z;
        for (var i = 1; i < points.Length; i++)
            products[i] = products[i - 1] * points[i].Z;
        var inverse = FieldPowers.Invert(products[^1]);
        var affine = new AffinePoint[points.Length];
        for (var i = points.Length - 1; i >= 0; i--)
        {
            var own = i == 0 ? inverse : inverse * products[i - 1];
            inverse *= points[i].Z;
            var square = own.Square();
            affine[i] = new AffinePoint(points[i].X * square, points[i].Y * (square * own));
        }

        return affine;
    }
}
