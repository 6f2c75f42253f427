using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Busbar.Cryptography;

/// <summary>A number modulo the group order n, always fully reduced, in four limbs of 64 bits.</summary>
/// <remarks>Nothing here takes longer for one value than for another, save what says so in its name.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Scalar
{
    private const ulong Order0 = 0xBFD25E8CD0364141;
    private const ulong Order1 = 0xBAAEDCE6AF48A03B;
    private const ulong Order2 = 0xFFFFFFFFFFFFFFFE;
    private const ulong Order3 = 0xFFFFFFFFFFFFFFFF;

    // 2^256 - n, whose third limb is 1.
    private const ulong Fold0 = 0x402DA1732FC9BEBF;
    private const ulong Fold1 = 0x4551231950B75FC4;

    private readonly ulong _0;
    private readonly ulong _1;
    private readonly ulong _2;
    private readonly ulong _3;

    private Scalar(ulong limb0, ulong limb1, ulong limb2, ulong limb3)
    {
        _0 = limb0;
        _1 = limb1;
        _2 = limb2;
        _3 = limb3;
    }

    public static Scalar One => new(1, 0, 0, 0);

    public static Scalar HalfOrder { get; } = FromHex("7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0");

    public bool IsZero => (_0 | _1 | _2 | _3) == 0;

    public UInt128 Low => new(_1, _0);

    public UInt128 High => new(_3, _2);

    /// <summary>All ones when this is above half of the order, else zero.</summary>
    public ulong HighMask
    {
        get
        {
            ulong borrow = 0;
            var half = HalfOrder;
            _ = Subtract(half._0, _0, ref borrow);
            _ = Subtract(half._1, _1, ref borrow);
            _ = Subtract(half._2, _2, ref borrow);
            _ = Subtract(half._3, _3, ref borrow);
            return unchecked(0 - borrow);
        }
    }

    public static Scalar operator +(in Scalar a, in Scalar b)
    {
        ulong carry = 0;
        var r0 = Add(a._0, b._0, ref carry);
        var r1 = Add(a._1, b._1, ref carry);
        var r2 = Add(a._2, b._2, ref carry);
        var r3 = Add(a._3, b._3, ref carry);
        return ReduceOnce(r0, r1, r2, r3, carry, out _);
    }

    public static Scalar operator *(in Scalar a, in Scalar b)
    {
        MultiplyWide(a, b, out var low, out var high);
        return Reduce(low, high);
    }

    public Scalar Negate()
    {
        ulong borrow = 0;
        var r0 = Subtract(Order0, _0, ref borrow);
        var r1 = Subtract(Order1, _1, ref borrow);
        var r2 = Subtract(Order2, _2, ref borrow);
        var r3 = Subtract(Order3, _3, ref borrow);
        // The order minus zero is the order, which is zero.
        return ReduceOnce(r0, r1, r2, r3, 0, out _);
    }

    /// <summary>a^(n-2): 1/a, and 0 for 0. The exponent is public, so its windows may be looked up.</summary>
    public Scalar Invert()
    {
        Span<Scalar> powers = stackalloc Scalar[16];
        powers[0] = One;
        for (var i = 1; i < powers.Length; i++)
            powers[i] = powers[i - 1] * this;
        ReadOnlySpan<ulong> exponent = [Order0 - 2, Order1, Order2, Order3];
        var result = One;
        for (var bit = 252; bit >= 0; bit -= 4)
        {
            result *= result;
            result *= result;
            result *= result;
            result *= result;
            result *= powers[(int)((exponent[bit / 64] >> (bit % 64)) & 15)];
        }

        return result;
    }

    /// <summary>This when the mask is all ones, the other when it is zero.</summary>
    public Scalar Select(ulong mask, in Scalar other) => new(
        (_0 & mask) | (other._0 & ~mask),
        (_1 & mask) | (other._1 & ~mask),
        (_2 & mask) | (other._2 & ~mask),
        (_3 & mask) | (other._3 & ~mask));

    /// <summary>Four bits, the lowest of which is at this place (a multiple of four).</summary>
    public uint Window(int bit)
    {
        // The place is public; the switch does not depend on the value.
        var limb = (bit / 64) switch { 0 => _0, 1 => _1, 2 => _2, _ => _3 };
        return (uint)((limb >> (bit % 64)) & 15);
    }

    /// <summary>Reads 32 bytes, big endian, modulo n; says whether they were below n already.</summary>
    public static bool Read(ReadOnlySpan<byte> bytes, out Scalar scalar)
    {
        scalar = ReduceOnce(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            0,
            out var reduced);
        return reduced == 0;
    }

    public static Scalar FromHex(string digits) =>
        Read(Convert.FromHexString(digits), out var scalar) ? scalar : throw new FormatException("not below the order");

    /// <summary>Writes 32 bytes, big endian.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], _0);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], _1);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _2);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _3);
    }

    /// <summary>a b / 2^384, rounded to the nearest.</summary>
    public static Scalar MultiplyShift384(in Scalar a, in Scalar b)
    {
        MultiplyWide(a, b, out _, out var high);
        var carry = high._1 >> 63;
        var r0 = Add(high._2, 0, ref carry);
        var r1 = Add(high._3, 0, ref carry);
        return new(r0, r1, carry, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyWide(in Scalar a, in Scalar b, out Scalar low, out Scalar high)
    {
        ulong b0 = b._0, b1 = b._1, b2 = b._2, b3 = b._3;
        var f0 = a._0;
        ulong carry0 = 0;
        var r0 = MultiplyAdd(f0, b0, 0, ref carry0);
        var r1 = MultiplyAdd(f0, b1, 0, ref carry0);
        var r2 = MultiplyAdd(f0, b2, 0, ref carry0);
        var r3 = MultiplyAdd(f0, b3, 0, ref carry0);
        var r4 = carry0;
        var f1 = a._1;
        ulong carry1 = 0;
        r1 = MultiplyAdd(f1, b0, r1, ref carry1);
        r2 = MultiplyAdd(f1, b1, r2, ref carry1);
        r3 = MultiplyAdd(f1, b2, r3, ref carry1);
        r4 = MultiplyAdd(f1, b3, r4, ref carry1);
        var r5 = carry1;
        var f2 = a._2;
        ulong carry2 = 0;
        r2 = MultiplyAdd(f2, b0, r2, ref carry2);
        r3 = MultiplyAdd(f2, b1, r3, ref carry2);
        r4 = MultiplyAdd(f2, b2, r4, ref carry2);
        r5 = MultiplyAdd(f2, b3, r5, ref carry2);
        var r6 = carry2;
        var f3 = a._3;
        ulong carry3 = 0;
        r3 = MultiplyAdd(f3, b0, r3, ref carry3);
        r4 = MultiplyAdd(f3, b1, r4, ref carry3);
        r5 = MultiplyAdd(f3, b2, r5, ref carry3);
        r6 = MultiplyAdd(f3, b3, r6, ref carry3);
        var r7 = carry3;
        low = new(r0, r1, r2, r3);
        high = new(r4, r5, r6, r7);
    }

    // 2^256 is 2^256 - n modulo n: the upper half comes down three times, by 512 -> 386 -> 260 -> 256 bits and a carry.
    private static Scalar Reduce(in Scalar low, in Scalar high)
    {
        ulong h0 = high._0, h1 = high._1, h2 = high._2, h3 = high._3;
        ulong carry = 0;
        var r0 = MultiplyAdd(h0, Fold0, low._0, ref carry);
        var r1 = MultiplyAdd(h1, Fold0, low._1, ref carry);
        var r2 = MultiplyAdd(h2, Fold0, low._2, ref carry);
        var r3 = MultiplyAdd(h3, Fold0, low._3, ref carry);
        var r4 = carry;
        carry = 0;
        r1 = MultiplyAdd(h0, Fold1, r1, ref carry);
        r2 = MultiplyAdd(h1, Fold1, r2, ref carry);
        r3 = MultiplyAdd(h2, Fold1, r3, ref carry);
        r4 = MultiplyAdd(h3, Fold1, r4, ref carry);
        var r5 = carry;
        carry = 0;
        r2 = Add(r2, h0, ref carry);
        r3 = Add(r3, h1, ref carry);
        r4 = Add(r4, h2, ref carry);
        r5 = Add(r5, h3, ref carry);
        var r6 = carry;

        (h0, h1, h2) = (r4, r5, r6);
        carry = 0;
        r0 = MultiplyAdd(h0, Fold0, r0, ref carry);
        r1 = MultiplyAdd(h1, Fold0, r1, ref carry);
        r2 = MultiplyAdd(h2, Fold0, r2, ref carry);
        r3 = Add(r3, 0, ref carry);
        r4 = carry;
        carry = 0;
        r1 = MultiplyAdd(h0, Fold1, r1, ref carry);
        r2 = MultiplyAdd(h1, Fold1, r2, ref carry);
        r3 = MultiplyAdd(h2, Fold1, r3, ref carry);
        r4 = unchecked(r4 + carry);
        carry = 0;
        r2 = Add(r2, h0, ref carry);
        r3 = Add(r3, h1, ref carry);
        r4 = unchecked(r4 + h2 + carry);

        h0 = r4;
        carry = 0;
        r0 = MultiplyAdd(h0, Fold0, r0, ref carry);
        r1 = MultiplyAdd(h0, Fold1, r1, ref carry);
        r2 = Add(r2, h0, ref carry);
        r3 = Add(r3, 0, ref carry);
        return ReduceOnce(r0, r1, r2, r3, carry, out _);
    }

    // Takes the order away once when the number, with the carry above it, is not below the order.
    private static Scalar ReduceOnce(ulong r0, ulong r1, ulong r2, ulong r3, ulong carry, out ulong reduced)
    {
        ulong over = 0;
        var s0 = Add(r0, Fold0, ref over);
        var s1 = Add(r1, Fold1, ref over);
        var s2 = Add(r2, 1, ref over);
        var s3 = Add(r3, 0, ref over);
        reduced = over | carry;
        return new Scalar(s0, s1, s2, s3).Select(unchecked(0 - reduced), new Scalar(r0, r1, r2, r3));
    }

    // a b + c + carry fits 128 bits whatever they are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAdd(ulong a, ulong b, ulong c, ref ulong carry)
    {
        var sum = new Wide(c);
        sum.Add(a, b);
        sum.Add(new Wide(carry));
        carry = sum.High;
        return sum.Low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Add(ulong a, ulong b, ref ulong carry)
    {
        var sum = new Wide(a);
        sum.Add(new Wide(b));
        sum.Add(new Wide(carry));
        carry = sum.High;
        return sum.Low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Subtract(ulong a, ulong b, ref ulong borrow)
    {
        unchecked
        {
            var first = a - b;
            var second = first - borrow;
            borrow = (a < b ? 1UL : 0UL) | (first < borrow ? 1UL : 0UL);
            return second;
        }
    }
}
