namespace Busbar.Domain.Quantities;

/// <summary>Exact fractions of whole numbers whose product may be beyond 128 bits.</summary>
internal static class WholeFraction
{
    /// <summary>floor(value x numerator / denominator).</summary>
    /// <exception cref="OverflowException">The result is beyond 128 bits.</exception>
    public static UInt128 TimesFloor(UInt128 value, ulong numerator, ulong denominator)
    {
        // Nearly every amount is below 2^64 wei, 18 coins: one product, one division.
        if (value <= ulong.MaxValue)
            return value * numerator / denominator;
        var (whole, rest) = UInt128.DivRem(value, denominator);
        return (whole * numerator) + (rest * numerator / denominator);
    }
}
