using System.Security.Cryptography;

namespace Busbar.Cryptography;

/// <summary>Multiplies the generator by a secret: no branch and no address depends on it.</summary>
/// <remarks>
/// The scalar is blinded by a number drawn once for this object, the running point by one drawn for each call (Coron 1999,
/// second and third countermeasure), so that power and cache traces of many calls do not add up. The compiler gives no promise
/// that it keeps selections by mask free of branches; it does today.
/// </remarks>
internal sealed class BlindedMultiplication
{
    private readonly Scalar _minusBlinding;
    private readonly CompletePoint _blindingPoint;

    public BlindedMultiplication()
    {
        Span<byte> random = stackalloc byte[32];
        RandomNumberGenerator.Fill(random);
        _ = Scalar.Read(random, out var blinding);
        CryptographicOperations.ZeroMemory(random);
        _minusBlinding = blinding.Negate();
        _blindingPoint = Accumulate(new CompletePoint(default, FieldElement.One, default), blinding);
    }

    /// <summary>The coordinates, normalised, of the generator times a scalar that is not zero.</summary>
    public AffinePoint Multiply(in Scalar secret)
    {
        Span<byte> random = stackalloc byte[32];
        RandomNumberGenerator.Fill(random);
        random[0] &= 0x7F; // Below p.
        random[31] |= 1; // Above zero.
        _ = FieldElement.TryRead(random, out var factor);
        var product = Accumulate(_blindingPoint.Rescale(factor), secret + _minusBlinding).ToAffine();
        return new AffinePoint(product.X.Normalize(), product.Y.Normalize());
    }

    private static CompletePoint Accumulate(CompletePoint sum, in Scalar scalar)
    {
        var table = GeneratorTable.Windows;
        for (var window = 0; window < GeneratorTable.WindowCount; window++)
        {
            var entries = table.AsSpan(window * GeneratorTable.WindowSize, GeneratorTable.WindowSize);
            sum += Find(entries, scalar.Window(4 * window));
        }

        return sum;
    }

    // Every entry is read, whichever is wanted.
    private static CompletePoint Find(ReadOnlySpan<AffinePoint> entries, uint wanted)
    {
        var x = entries[0].X;
        var y = entries[0].Y;
        for (var i = 1; i < entries.Length; i++)
        {
            var mask = MaskOfZero((uint)i ^ wanted);
            x = entries[i].X.Select(mask, x);
            y = entries[i].Y.Select(mask, y);
        }

        return new CompletePoint(x, y, FieldElement.One.Select(~MaskOfZero(wanted), default));
    }

    private static ulong MaskOfZero(uint value) => unchecked((ulong)((long)((ulong)value - 1) >> 63));
}
