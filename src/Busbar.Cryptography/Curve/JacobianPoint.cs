using System.Runtime.InteropServices;

namespace Busbar.Cryptography;

/// <summary>A point as (X / Z^2, Y / Z^3), for public values only: what is done depends on the values.</summary>
/// <remarks>X, Y and Z have magnitudes of at most 4, 4 and 1. The default value is not a point; see <see cref="Infinity"/>.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct JacobianPoint(FieldElement x, FieldElement y, FieldElement z, bool isInfinity = false)
{
    public readonly FieldElement X = x;
    public readonly FieldElement Y = y;
    public readonly FieldElement Z = z;
    public readonly bool IsInfinity = isInfinity;

    public JacobianPoint(in AffinePoint point)
        : this(point.X, point.Y, FieldElement.One)
    {
    }

    public static JacobianPoint Infinity => new(default, default, default, isInfinity: true);

    public JacobianPoint Double()
    {
        // No point of the curve has y = 0, so twice a point is infinity only for infinity.
        if (IsInfinity)
            return this;
        var s = Y.Square();
        var slope = X.Square().Times(3).Half(); // 2.5
        var t = (X * s).Negate(1); // 2
        var sumX = (slope.Square() + t + t).Carry();
        var sumY = ((slope * (sumX + t)) + s.Square()).Negate(2); // 3
        return new(sumX, sumY, Y * Z);
    }

    /// <summary>Adds a point given by its coordinates.</summary>
    public JacobianPoint Add(in AffinePoint other)
    {
        if (IsInfinity)
            return new(other);
        var zz = Z.Square();
        var u = other.X * zz;
        var s = other.Y * (zz * Z);
        return Chord(X, Y, u, s, Z);
    }

    /// <summary>Adds any point.</summary>
    public JacobianPoint Add(in JacobianPoint other)
    {
        if (IsInfinity)
            return other;
        if (other.IsInfinity)
            return this;
        var zz1 = Z.Square();
        var zz2 = other.Z.Square();
        var u1 = X * zz2;
        var u2 = other.X * zz1;
        var s1 = Y * (zz2 * other.Z);
        var s2 = other.Y * (zz1 * Z);
        return Chord(u1, s1, u2, s2, Z * other.Z);
    }

    public JacobianPoint Negate() => new(X, Y.Carry().Negate(1), Z, IsInfinity);

    /// <summary>The coordinates. Not for infinity.</summary>
    public AffinePoint ToAffine()
    {
        var inverse = FieldPowers.Invert(Z);
        var square = inverse.Square();
        return new(X * square, Y * (square * inverse));
    }

    // u and s are the coordinates brought to the common denominator z; u1 and s1 may have magnitude 4.
    private JacobianPoint Chord(in FieldElement u1, in FieldElement s1, in FieldElement u2, in FieldElement s2, in FieldElement z)
    {
        var h = u2 + u1.Negate(4); // 6
        var r = s1 + s2.Negate(1); // 6
        if (h.IsZero())
            return r.IsZero() ? Double() : Infinity;
        var hh = h.Square();
        var hhh = (h * hh).Negate(1); // 2
        var v = u1 * hh;
        var sumX = (r.Square() + hhh + v.Negate(1).Times(2)).Carry(); // 1 + 2 + 4
        var sumY = (r * (sumX + v.Negate(1))) + (s1 * hhh); // 2
        return new(sumX, sumY, z * h);
    }
}
