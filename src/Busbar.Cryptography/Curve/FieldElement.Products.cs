using System.Runtime.CompilerServices;

namespace Busbar.Cryptography;

/// <content>Products and squares, which take nearly all of the time.</content>
internal readonly partial struct FieldElement
{
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
