namespace Busbar.Domain.Quantities;

/// <summary>A price of energy: a whole number of wei per kilowatt-hour, never negative.</summary>
/// <remarks>Range: 0 to 2^128 - 1 wei per kWh, as the ledger keeps it.</remarks>
public readonly struct Price : IEquatable<Price>, IComparable<Price>
{
    private const ulong MilliwattHoursPerKilowattHour = 1_000_000;

    private readonly UInt128 _weiPerKilowattHour;

    private Price(UInt128 weiPerKilowattHour) => _weiPerKilowattHour = weiPerKilowattHour;

    /// <summary>Free of charge; also the default value.</summary>
    public static Price Zero => default;

    /// <summary>A price in wei per kilowatt-hour.</summary>
    public static Price FromWeiPerKilowattHour(UInt128 wei) => new(wei);

    /// <summary>A price of so much coin for each kilowatt-hour.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The coin is negative.</exception>
    public static Price FromCoinPerKilowattHour(Coin coin) => coin.IsNegative
        ? throw new ArgumentOutOfRangeException(nameof(coin), coin, "a price is not negative")
        : new((UInt128)coin.Wei);

    /// <summary>Reads coins per kilowatt-hour as <see cref="ToString"/> writes them, without the unit.</summary>
    /// <exception cref="FormatException">The text is not such, or beyond the range.</exception>
    public static Price Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var price) ? price : throw new FormatException($"{text} is no price with at most {Coin.Places} digits behind the point");

    /// <summary>Reads coins per kilowatt-hour: digits with at most 18 behind a point; false, and zero, for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Price price)
    {
        var read = WholeText.TryParse(text, Coin.Places, out var wei);
        price = new(wei);
        return read;
    }

    /// <summary>The price in wei per kilowatt-hour.</summary>
    public UInt128 WeiPerKilowattHour => _weiPerKilowattHour;

    /// <summary>Whether energy is free.</summary>
    public bool IsZero => _weiPerKilowattHour == UInt128.Zero;

    /// <summary>What so much energy costs, rounded down to a whole wei: who pays gains, less than one wei.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The energy is negative.</exception>
    /// <exception cref="OverflowException">It costs more than <see cref="Coin.Most"/>.</exception>
    public Coin CostFloor(Energy energy)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(energy, Energy.Zero);
        return Coin.FromWei(
            WholeFraction.TimesFloor(_weiPerKilowattHour, (ulong)energy.MilliwattHours, MilliwattHoursPerKilowattHour));
    }

    /// <summary>Whether two prices are the same.</summary>
    public static bool operator ==(Price left, Price right) => left._weiPerKilowattHour == right._weiPerKilowattHour;

    /// <summary>Whether two prices differ.</summary>
    public static bool operator !=(Price left, Price right) => !(left == right);

    /// <summary>Whether the left price is lower.</summary>
    public static bool operator <(Price left, Price right) => left._weiPerKilowattHour < right._weiPerKilowattHour;

    /// <summary>Whether the left price is higher.</summary>
    public static bool operator >(Price left, Price right) => left._weiPerKilowattHour > right._weiPerKilowattHour;

    /// <summary>Whether the left price is lower or the same.</summary>
    public static bool operator <=(Price left, Price right) => left._weiPerKilowattHour <= right._weiPerKilowattHour;

    /// <summary>Whether the left price is higher or the same.</summary>
    public static bool operator >=(Price left, Price right) => left._weiPerKilowattHour >= right._weiPerKilowattHour;

    /// <inheritdoc />
    public bool Equals(Price other) => this == other;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Price other && this == other;

    /// <inheritdoc />
    public override int GetHashCode() => _weiPerKilowattHour.GetHashCode();

    /// <inheritdoc />
    public int CompareTo(Price other) => _weiPerKilowattHour.CompareTo(other._weiPerKilowattHour);

    /// <summary>Coins per kilowatt-hour, exact, without the unit, such as <c>0.25</c>.</summary>
    public override string ToString() => WholeText.Format(_weiPerKilowattHour, Coin.Places);
}
