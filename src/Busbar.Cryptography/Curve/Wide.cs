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
            var product = a * b;
            Low += product;
            High += ProductSum.MultiplyHigh(a, b) + (Low < product ? 1UL : 0UL);
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
}
