using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Busbar.Cryptography;

/// <summary>A number modulo p = 2^256 - 2^32 - 977, in five limbs of 52 bits (the last of 48), reduced lazily.</summary>
/// <remarks>
/// A value has a magnitude m that its users keep in mind: its limbs are at most 2m times those of 2^256 - 1. Products and
/// squares have magnitude 1 and take operands up to 8; sums add the magnitudes; <see cref="Negate"/> adds one. What costs a
/// branch on the value says so in its name; the rest takes the same time for every value.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct FieldElement
{
    private const ulong Mask52 = (1UL << 52) - 1;
    private const ulong Mask48 = (1UL << 48) - 1;
    private const ulong Prime0 = 0xFFFFEFFFFFC2F;

    // 2^256 and 2^260 modulo p.
    private const ulong Fold256 = 0x1000003D1;
    private const ulong Fold260 = 0x1000003D10;

    private readonly ulong _0;
    private readonly ulong _1;
    private readonly ulong _2;
    private readonly ulong _3;
    private readonly ulong _4;

    private FieldElement(ulong limb0, ulong limb1, ulong limb2, ulong limb3, ulong limb4)
    {
        _0 = limb0;
        _1 = limb1;
        _2 = limb2;
        _3 = limb3;
        _4 = limb4;
    }

    public static FieldElement One => new(1, 0, 0, 0, 0);

    /// <summary>The low bit. Only for a normalised value.</summary>
    public bool IsOdd => (_0 & 1) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FieldElement operator +(in FieldElement a, in FieldElement b) => unchecked(
        new(a._0 + b._0, a._1 + b._1, a._2 + b._2, a._3 + b._3, a._4 + b._4));

    public static FieldElement operator *(in FieldElement a, in FieldElement b)
    {
        ulong a0 = a._0 << 8, a1 = a._1 << 8, a2 = a._2 << 8, a3 = a._3 << 8, a4 = a._4 << 8;
        ulong b0 = b._0, b1 = b._1, b2 = b._2, b3 = b._3, b4 = b._4;
        var c0 = default(ProductSum);
        c0.Add(a0, b0);
        var c1 = default(ProductSum);
        c1.Add(a0, b1);
        c1.Add(a1, b0);
        var c2 = default(ProductSum);
        c2.Add(a0, b2);
        c2.Add(a1, b1);
        c2.Add(a2, b0);
        var c3 = default(ProductSum);
        c3.Add(a0, b3);
        c3.Add(a1, b2);
        c3.Add(a2, b1);
        c3.Add(a3, b0);
        var c4 = default(ProductSum);
        c4.Add(a0, b4);
        c4.Add(a1, b3);
        c4.Add(a2, b2);
        c4.Add(a3, b1);
        c4.Add(a4, b0);
        var c5 = default(ProductSum);
        c5.Add(a1, b4);
        c5.Add(a2, b3);
        c5.Add(a3, b2);
        c5.Add(a4, b1);
        var c6 = default(ProductSum);
        c6.Add(a2, b4);
        c6.Add(a3, b3);
        c6.Add(a4, b2);
        var c7 = default(ProductSum);
        c7.Add(a3, b4);
        c7.Add(a4, b3);
        var c8 = default(ProductSum);
        c8.Add(a4, b4);
        return Reduce(c0, c1, c2, c3, c4, c5, c6, c7, c8);
    }

    public FieldElement Square()
    {
        ulong a0 = _0, a1 = _1, a2 = _2, a3 = _3, a4 = _4;
        ulong s0 = a0 << 8, s1 = a1 << 8, s2 = a2 << 8, s3 = a3 << 8, s4 = a4 << 8;
        var c0 = default(ProductSum);
        c0.Add(s0, a0);
        var c1 = default(ProductSum);
        c1.Add(s0, a1);
        c1.Double();
        var c2 = default(ProductSum);
        c2.Add(s0, a2);
        c2.Double();
        c2.Add(s1, a1);
        var c3 = default(ProductSum);
        c3.Add(s0, a3);
        c3.Add(s1, a2);
        c3.Double();
        var c4 = default(ProductSum);
        c4.Add(s0, a4);
        c4.Add(s1, a3);
        c4.Double();
        c4.Add(s2, a2);
        var c5 = default(ProductSum);
        c5.Add(s1, a4);
        c5.Add(s2, a3);
        c5.Double();
        var c6 = default(ProductSum);
        c6.Add(s2, a4);
        c6.Double();
        c6.Add(s3, a3);
        var c7 = default(ProductSum);
        c7.Add(s3, a4);
        c7.Double();
        var c8 = default(ProductSum);
        c8.Add(s4, a4);
        return Reduce(c0, c1, c2, c3, c4, c5, c6, c7, c8);
    }

    public FieldElement Square(int times)
    {
        var square = this;
        for (var i = 0; i < times; i++)
            square = square.Square();
        return square;
    }

    /// <summary>The negative of a value of at most this magnitude, which grows by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FieldElement Negate(ulong magnitude)
    {
        unchecked
        {
            var times = 2 * (magnitude + 1);
            return new(
                (Prime0 * times) - _0, (Mask52 * times) - _1, (Mask52 * times) - _2, (Mask52 * times) - _3, (Mask48 * times) - _4);
        }
    }

    /// <summary>A multiple; the magnitude grows by the factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FieldElement Times(ulong factor) => unchecked(new(_0 * factor, _1 * factor, _2 * factor, _3 * factor, _4 * factor));

    /// <summary>Half of a value; magnitude m becomes m / 2 + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FieldElement Half()
    {
        unchecked
        {
            // Adding p when the value is odd makes it even.
            var odd = 0 - (_0 & 1);
            ulong t0 = _0 + (Prime0 & odd), t1 = _1 + (Mask52 & odd), t2 = _2 + (Mask52 & odd), t3 = _3 + (Mask52 & odd);
            var t4 = _4 + (Mask48 & odd);
            return new(
                (t0 >> 1) + ((t1 & 1) << 51),
                (t1 >> 1) + ((t2 & 1) << 51),
                (t2 >> 1) + ((t3 & 1) << 51),
                (t3 >> 1) + ((t4 & 1) << 51),
                t4 >> 1);
        }
    }

    /// <summary>The same number with magnitude 1, not yet the least one. Takes limbs below 2^63.</summary>
    public FieldElement Carry()
    {
        unchecked
        {
            var t0 = _0 + ((_4 >> 48) * Fold256);
            var t1 = _1 + (t0 >> 52);
            var t2 = _2 + (t1 >> 52);
            var t3 = _3 + (t2 >> 52);
            var t4 = (_4 & Mask48) + (t3 >> 52);
            return new(t0 & Mask52, t1 & Mask52, t2 & Mask52, t3 & Mask52, t4);
        }
    }

    /// <summary>The least number, the one that may be written out and compared.</summary>
    public FieldElement Normalize()
    {
        unchecked
        {
            var t = Carry();
            // At or above p exactly when adding 2^256 - p carries out of 256 bits.
            var u = Propagate(t._0 + Fold256, t._1, t._2, t._3, t._4);
            var above = 0 - (u._4 >> 48);
            return new(
                (u._0 & above) | (t._0 & ~above),
                (u._1 & above) | (t._1 & ~above),
                (u._2 & above) | (t._2 & ~above),
                (u._3 & above) | (t._3 & ~above),
                (u._4 & Mask48 & above) | (t._4 & ~above));
        }
    }

    /// <summary>Whether the number is zero modulo p.</summary>
    public bool IsZero()
    {
        var t = Normalize();
        return (t._0 | t._1 | t._2 | t._3 | t._4) == 0;
    }

    /// <summary>This when the mask is all ones, the other when it is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FieldElement Select(ulong mask, in FieldElement other) => new(
        (_0 & mask) | (other._0 & ~mask),
        (_1 & mask) | (other._1 & ~mask),
        (_2 & mask) | (other._2 & ~mask),
        (_3 & mask) | (other._3 & ~mask),
        (_4 & mask) | (other._4 & ~mask));

    /// <summary>Reads 32 bytes, big endian; false when they are not below p.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FieldElement element)
    {
        var d0 = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
        var d1 = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        var d2 = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        var d3 = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        element = unchecked(new(
            d0 & Mask52,
            ((d0 >> 52) | (d1 << 12)) & Mask52,
            ((d1 >> 40) | (d2 << 24)) & Mask52,
            ((d2 >> 28) | (d3 << 36)) & Mask52,
            d3 >> 16));
        return (d1 & d2 & d3) != ulong.MaxValue || d0 < unchecked(0 - Fold256);
    }

    public static FieldElement FromHex(string digits) =>
        TryRead(Convert.FromHexString(digits), out var element) ? element : throw new FormatException("not below p");

    /// <summary>Writes 32 bytes, big endian. Only for a normalised value.</summary>
    public void Write(Span<byte> bytes)
    {
        unchecked
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], _0 | (_1 << 52));
            BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], (_1 >> 12) | (_2 << 40));
            BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (_2 >> 24) | (_3 << 28));
            BinaryPrimitives.WriteUInt64BigEndian(bytes, (_3 >> 36) | (_4 << 16));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldElement Propagate(ulong t0, ulong t1, ulong t2, ulong t3, ulong t4)
    {
        unchecked
        {
            t1 += t0 >> 52;
            t2 += t1 >> 52;
            t3 += t2 >> 52;
            t4 += t3 >> 52;
            return new(t0 & Mask52, t1 & Mask52, t2 & Mask52, t3 & Mask52, t4);
        }
    }

    // The head of each column goes to the next; columns 5 to 9 come down by 260 bits, times Fold260; what is then left above
    // 256 bits comes down times Fold256. With operands of magnitude 8 no sum reaches 2^63.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldElement Reduce(
        ProductSum c0, ProductSum c1, ProductSum c2, ProductSum c3, ProductSum c4, ProductSum c5, ProductSum c6, ProductSum c7, ProductSum c8)
    {
        unchecked
        {
            var r0 = c0.Low + FoldLow(c4.High, c5.Low, out var h0);
            var r1 = c1.Low + (c0.High << 4) + FoldLow(c5.High, c6.Low, out var h1) + h0;
            var r2 = c2.Low + (c1.High << 4) + FoldLow(c6.High, c7.Low, out var h2) + h1;
            var r3 = c3.Low + (c2.High << 4) + FoldLow(c7.High, c8.Low, out var h3) + h2;
            var r4 = c4.Low + (c3.High << 4) + FoldLow(c8.High, 0, out var h4) + h3;
            r1 += r0 >> 52;
            r2 += r1 >> 52;
            r3 += r2 >> 52;
            r4 += r3 >> 52;
            var head = (r4 >> 48) + (h4 << 4);
            return new(
                (r0 & Mask52) + ((head * (Fold256 << 12)) >> 12),
                (r1 & Mask52) + ProductSum.MultiplyHigh(head, Fold256 << 12),
                r2 & Mask52,
                r3 & Mask52,
                r4 & Mask48);
        }
    }

    // (16 high + low) Fold260, cut at 52 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FoldLow(ulong high, ulong low, out ulong carry)
    {
        unchecked
        {
            var column = (high << 4) + low;
            carry = ProductSum.MultiplyHigh(column, Fold260 << 12);
            return (column * (Fold260 << 12)) >> 12;
        }
    }
}
