using System.Runtime.InteropServices;

namespace Busbar.Cryptography;

/// <summary>A point of y^2 = x^3 + 7 by its coordinates, of magnitude 1; not the point at infinity.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct AffinePoint(FieldElement x, FieldElement y)
{
    public readonly FieldElement X = x;
    public readonly FieldElement Y = y;

    public static AffinePoint Generator { get; } = new(
        FieldElement.FromHex("79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798"),
        FieldElement.FromHex("483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8"));

    private static FieldElement Seven => FieldElement.One.Times(7).Carry();

    /// <summary>The point with this x whose y is odd or even; false when no point has that x.</summary>
    public static bool TryLift(in FieldElement x, bool odd, out AffinePoint point)
    {
        var cube = ((x.Square() * x) + Seven).Carry();
        var found = FieldPowers.TrySquareRoot(cube, out var y);
        y = y.Normalize();
        if (y.IsOdd != odd)
            y = y.Negate(1).Normalize();
        point = new AffinePoint(x, y);
        return found;
    }

    /// <summary>Reads 64 bytes; false when they are not the coordinates of a point of the curve.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out AffinePoint point)
    {
        var inRange = FieldElement.TryRead(bytes[..32], out var x) & FieldElement.TryRead(bytes[32..64], out var y);
        point = new AffinePoint(x, y);
        var cube = ((x.Square() * x) + Seven).Carry();
        return inRange && (y.Square() + cube.Negate(1)).IsZero();
    }

    /// <summary>Writes the coordinates to 64 bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        X.Normalize().Write(bytes[..32]);
        Y.Normalize().Write(bytes[32..]);
    }

    public AffinePoint Negate() => new(X, Y.Negate(1).Carry());
}
