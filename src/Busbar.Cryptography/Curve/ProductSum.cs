using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Busbar.Cryptography;

/// <summary>A sum of products of numbers below 2^56, cut at 56 bits into two words that have room for eight: no carry to look at.</summary>
internal struct ProductSum
{
    public ulong Low;
    public ulong High;

    /// <summary>The upper 64 bits of a product.</summary>
    /// <remarks>The lower ones by a second multiplication are faster than by Math.BigMul, which hands them over through memory.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyHigh(ulong a, ulong b)
    {
        if (Bmi2.X64.IsSupported)
            return Bmi2.X64.MultiplyNoFlags(a, b);
        return ArmBase.Arm64.IsSupported ? ArmBase.Arm64.MultiplyHigh(a, b) : Math.BigMul(a, b, out _);
    }

    /// <summary>Adds a b, given 2^8 a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong shifted, ulong b)
    {
        unchecked
        {
            Low += (shifted * b) >> 8;
            High += MultiplyHigh(shifted, b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Double()
    {
        Low <<= 1;
        High <<= 1;
    }
}
