namespace Busbar.Domain.Quantities;

/// <summary>An amount of the community's coin: a whole number of wei, 10^18 to the coin; a debt positive, a credit negative.</summary>
/// <remarks>
/// Range: that of a 128-bit signed integer, about ±1.7 x 10^20 coins; arithmetic beyond it throws <see cref="OverflowException"/>.
/// </remarks>
public readonly struct Coin : IEquatable<Coin>, IComparable<Coin>
{
    /// <summary>How many digits an amount in coins has behind the point.</summary>
    public const int Places = 18;

    private readonly Int128 _wei;

    private Coin(Int128 wei) => _wei = wei;

    /// <summary>Nothing; also the default value.</summary>
    public static Coin Zero => default;

    /// <summary>The largest amount.</summary>
    public static Coin Most => new(Int128.MaxValue);

    /// <summary>An amount in wei.</summary>
    public static Coin FromWei(Int128 wei) => new(wei);

    /// <summary>An amount in wei, as contracts keep those that cannot be negative.</summary>
    /// <exception cref="OverflowException">Above 2^127 - 1 wei.</exception>
    public static Coin FromWei(UInt128 wei) => new((Int128)wei);

    /// <summary>A whole number of coins.</summary>
    public static Coin FromCoins(long coins) => new((Int128)coins * 1_000_000_000_000_000_000);

    /// <summary>Reads coins as <see cref="ToString"/> writes them: digits with at most 18 behind a point, a minus before or not.</summary>
    /// <exception cref="FormatException">The text is not such, or beyond the range.</exception>
    public static Coin Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var coin) ? coin : throw new FormatException($"{text} is no amount of coins with at most {Places} digits behind the point");

    /// <summary>Reads coins as <see cref="ToString"/> writes them; false, and zero, for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Coin coin)
    {
        coin = default;
        var isNegative = text.StartsWith('-');
        if (!WholeText.TryParse(isNegative ? text[1..] : text, Places, out var wei) || wei > (UInt128)Int128.MaxValue)
            return false;
        coin = new(isNegative ? -(Int128)wei : (Int128)wei);
        return true;
    }

    /// <summary>The amount in wei.</summary>
    public Int128 Wei => _wei;

    /// <summary>Whether it is below zero.</summary>
    public bool IsNegative => Int128.IsNegative(_wei);

    /// <summary>This amount times a fraction, rounded down to a whole wei; the product may be beyond 128 bits, the result not.</summary>
    /// <param name="numerator">0 or more.</param>
    /// <param name="denominator">1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount or a part of the fraction is negative, or the denominator 0.</exception>
    public Coin TimesFloor(long numerator, long denominator)
    {
        if (IsNegative)
            throw new ArgumentOutOfRangeException(nameof(numerator), this, "which way a negative amount is rounded must be said");
        ArgumentOutOfRangeException.ThrowIfNegative(numerator);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        return FromWei(WholeFraction.TimesFloor((UInt128)_wei, (ulong)numerator, (ulong)denominator));
    }

    /// <summary>Adds two amounts.</summary>
    public static Coin operator +(Coin left, Coin right) => new(left._wei + right._wei);

    /// <summary>Subtracts an amount.</summary>
    public static Coin operator -(Coin left, Coin right) => new(left._wei - right._wei);

    /// <summary>Turns a debt to a credit and back.</summary>
    public static Coin operator -(Coin value) => new(-value._wei);

    /// <summary>Whether two amounts are the same.</summary>
    public static bool operator ==(Coin left, Coin right) => left._wei == right._wei;

    /// <summary>Whether two amounts differ.</summary>
    public static bool operator !=(Coin left, Coin right) => !(left == right);

    /// <summary>Whether the left amount is smaller.</summary>
    public static bool operator <(Coin left, Coin right) => left._wei < right._wei;

    /// <summary>Whether the left amount is larger.</summary>
    public static bool operator >(Coin left, Coin right) => left._wei > right._wei;

    /// <summary>Whether the left amount is smaller or the same.</summary>
    public static bool operator <=(Coin left, Coin right) => left._wei <= right._wei;

    /// <summary>Whether the left amount is larger or the same.</summary>
    public static bool operator >=(Coin left, Coin right) => left._wei >= right._wei;

    /// <inheritdoc />
    public bool Equals(Coin other) => this == other;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Coin other && this == other;

    /// <inheritdoc />
    public override int GetHashCode() => _wei.GetHashCode();

    /// <inheritdoc />
    public int CompareTo(Coin other) => _wei.CompareTo(other._wei);

    /// <summary>The amount in coins, exact, such as <c>-1.5</c>; what a coin is called is the tariff's to say.</summary>
    public override string ToString() => WholeText.Format(Magnitude, Places, IsNegative);

    // -2^127 has no positive counterpart in 128 signed bits.
    private UInt128 Magnitude => IsNegative ? (UInt128)(-(_wei + 1)) + 1 : (UInt128)_wei;
}
