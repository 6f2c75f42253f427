using System.Runtime.CompilerServices;

namespace Busbar.Cryptography;

/// <summary>A sum of products in 128 bits: leaner than UInt128, whose multiplication starts from 128 bits.</summary>
internal struct Wide(ulong low)
{
    public ulong Low = low;
    public ulong High;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong a, ulong b)
    {
        unchecked
        {
            var high = Math.BigMul(a, b, out var low);
            Low += low;
            High += high + (Low < low ? 1UL : 0UL);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Wide other)
    {
        unchecked
        {
            Low += other.Low;
            High += other.High + (Low < other.Low ? 1UL : 0UL);
        }
    }

    /// <summary>Shifts by 1 to 63 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Wide ShiftRight(int bits) => unchecked(
        new Wide((Low >> bits) | (High << (64 - bits))) { High = High >> bits });
}
