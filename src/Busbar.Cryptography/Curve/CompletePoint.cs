using System.Runtime.InteropServices;

namespace Busbar.Cryptography;

/// <summary>A point as (X / Z, Y / Z), added by one formula for every pair of points, infinity (0, 1, 0) among them: for secrets.</summary>
/// <remarks>
/// Renes, Costello, Batina, "Complete addition formulas for prime order elliptic curves" (2016), algorithm 7, with b = 7.
/// Magnitudes of at most 3, 2 and 2 come in and go out.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct CompletePoint(FieldElement x, FieldElement y, FieldElement z)
{
    private const ulong ThreeB = 21;

    public readonly FieldElement X = x;
    public readonly FieldElement Y = y;
    public readonly FieldElement Z = z;

    public static CompletePoint operator +(in CompletePoint a, in CompletePoint b)
    {
        var xx = a.X * b.X;
        var yy = a.Y * b.Y;
        var zz = a.Z * b.Z;
        var xy = ((a.X + a.Y) * (b.X + b.Y)) + (xx + yy).Negate(2); // 4
        var yz = ((a.Y + a.Z) * (b.Y + b.Z)) + (yy + zz).Negate(2); // 4
        var xz = ((a.X + a.Z) * (b.X + b.Z)) + (xx + zz).Negate(2); // 4
        var threeXx = xx.Times(3); // 3
        var threeBzz = zz.Times(ThreeB).Carry();
        var sum = yy + threeBzz; // 2
        var difference = yy + threeBzz.Negate(1); // 3
        var threeBxz = xz.Times(ThreeB).Carry();
        return new CompletePoint(
            (xy * difference) + (yz * threeBxz).Negate(1),
            (difference * sum) + (threeXx * threeBxz),
            (yz * sum) + (xy * threeXx));
    }

    /// <summary>The same point with other coordinates: each times the factor, which is not zero.</summary>
    public CompletePoint Rescale(in FieldElement factor) => new(X * factor, Y * factor, Z * factor);

    /// <summary>The coordinates. Not for infinity.</summary>
    public AffinePoint ToAffine()
    {
        var inverse = FieldPowers.Invert(Z);
        return new AffinePoint(X * inverse, Y * inverse);
    }
}
