using System.Globalization;

namespace Busbar.Domain.Quantities;

/// <summary>An amount of energy: a whole number of milliwatt-hours, import positive, export negative.</summary>
/// <remarks>Range: that of a 64-bit signed integer, about ±9,200 TWh; arithmetic beyond it throws <see cref="OverflowException"/>.</remarks>
public readonly struct Energy : IEquatable<Energy>, IComparable<Energy>
{
    private readonly long _milliwattHours;

    private Energy(long milliwattHours) => _milliwattHours = milliwattHours;

    /// <summary>No energy; also the default value.</summary>
    public static Energy Zero => default;

    /// <summary>An amount in milliwatt-hours (mWh).</summary>
    public static Energy FromMilliwattHours(long milliwattHours) => new(milliwattHours);

    /// <summary>An amount in kilowatt-hours, which must be a whole number of milliwatt-hours.</summary>
    /// <exception cref="ArgumentException">The amount has a fraction of a milliwatt-hour; round it first.</exception>
    public static Energy FromKilowattHours(decimal kilowattHours)
    {
        var milliwattHours = kilowattHours * 1_000_000m;
        if (decimal.Truncate(milliwattHours) != milliwattHours)
            throw new ArgumentException($"{kilowattHours} kWh is not a whole number of milliwatt-hours", nameof(kilowattHours));
        return new((long)milliwattHours);
    }

    /// <summary>The amount in milliwatt-hours.</summary>
    public long MilliwattHours => _milliwattHours;

    /// <summary>The amount in kilowatt-hours, exact.</summary>
    public decimal KilowattHours => _milliwattHours / 1_000_000m;

    /// <summary>Adds two amounts.</summary>
    public static Energy operator +(Energy left, Energy right) => new(left._milliwattHours + right._milliwattHours);

    /// <summary>Subtracts an amount.</summary>
    public static Energy operator -(Energy left, Energy right) => new(left._milliwattHours - right._milliwattHours);

    /// <summary>Turns import to export and back.</summary>
    public static Energy operator -(Energy value) => new(-value._milliwattHours);

    /// <summary>Whether two amounts are the same.</summary>
    public static bool operator ==(Energy left, Energy right) => left._milliwattHours == right._milliwattHours;

    /// <summary>Whether two amounts differ.</summary>
    public static bool operator !=(Energy left, Energy right) => !(left == right);

    /// <summary>Whether the left amount is smaller.</summary>
    public static bool operator <(Energy left, Energy right) => left._milliwattHours < right._milliwattHours;

    /// <summary>Whether the left amount is larger.</summary>
    public static bool operator >(Energy left, Energy right) => left._milliwattHours > right._milliwattHours;

    /// <summary>Whether the left amount is smaller or the same.</summary>
    public static bool operator <=(Energy left, Energy right) => left._milliwattHours <= right._milliwattHours;

    /// <summary>Whether the left amount is larger or the same.</summary>
    public static bool operator >=(Energy left, Energy right) => left._milliwattHours >= right._milliwattHours;

    /// <inheritdoc />
    public bool Equals(Energy other) => this == other;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Energy other && this == other;

    /// <inheritdoc />
    public override int GetHashCode() => _milliwattHours.GetHashCode();

    /// <inheritdoc />
    public int CompareTo(Energy other) => _milliwattHours.CompareTo(other._milliwattHours);

    /// <summary>The amount in kilowatt-hours with its unit, such as <c>1.5 kWh</c>.</summary>
    public override string ToString() => KilowattHours.ToString("0.######", CultureInfo.InvariantCulture) + " kWh";
}
