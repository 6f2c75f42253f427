using Busbar.Domain.Quantities;

namespace Busbar.Domain.Billing;

/// <summary>How much of a nominal period a period is, when it is below nine or above eleven tenths of it; else all.</summary>
internal readonly struct Proration
{
    private readonly long _seconds;
    private readonly uint _nominal;

    private Proration(long seconds, uint nominal) => (_seconds, _nominal) = (seconds, nominal);

    /// <summary>Whether amounts and limits are prorated.</summary>
    public bool Applies => _nominal != 0;

    /// <summary>That of a period of so many seconds, 1 or more.</summary>
    public static Proration Of(uint nominal, long seconds)
    {
        // In 128 bits no number of seconds is too large to be multiplied by ten.
        var (tenfold, whole) = ((Int128)seconds * 10, (Int128)nominal);
        return nominal != 0 && (tenfold < whole * 9 || tenfold > whole * 11) ? new(seconds, nominal) : default;
    }

    /// <summary>The period's part of an amount, rounded down.</summary>
    public Coin Part(Coin amount) => Applies ? amount.TimesFloor(_seconds, _nominal) : amount;

    /// <summary>The period's part of a slab's limit in mWh, rounded down.</summary>
    public UInt128 Part(ulong limit) => Applies ? WholeFraction.TimesFloor(limit, (ulong)_seconds, _nominal) : limit;
}
