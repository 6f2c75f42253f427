using System.Globalization;

namespace Busbar.Domain.Quantities;

/// <summary>A meter's ever-growing total in milliwatt-hours. Energy is the difference of two registers.</summary>
/// <remarks>Range: 0 to 2^63 - 1 mWh, about 9,200 TWh, so that every difference of two registers is an <see cref="Energy"/>.</remarks>
public readonly struct MeterRegister : IEquatable<MeterRegister>, IComparable<MeterRegister>
{
    private readonly long _milliwattHours;

    private MeterRegister(long milliwattHours) => _milliwattHours = milliwattHours;

    /// <summary>The register of a new meter; also the default value.</summary>
    public static MeterRegister Zero => default;

    /// <summary>A register that stands at so many milliwatt-hours.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The total is negative.</exception>
    public static MeterRegister FromMilliwattHours(long milliwattHours)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(milliwattHours);
        return new(milliwattHours);
    }

    /// <summary>The total in milliwatt-hours.</summary>
    public long MilliwattHours => _milliwattHours;

    /// <summary>The register after so much more energy, which may not be negative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The energy is negative: a register never goes back.</exception>
    public MeterRegister Advance(Energy energy)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(energy, Energy.Zero);
        return new(_milliwattHours + energy.MilliwattHours);
    }

    /// <summary>The energy between two states of one register; negative when the left one is the older.</summary>
    public static Energy operator -(MeterRegister later, MeterRegister earlier) =>
        Energy.FromMilliwattHours(later._milliwattHours - earlier._milliwattHours);

    /// <summary>Whether two registers stand at the same total.</summary>
    public static bool operator ==(MeterRegister left, MeterRegister right) => left._milliwattHours == right._milliwattHours;

    /// <summary>Whether two registers stand at different totals.</summary>
    public static bool operator !=(MeterRegister left, MeterRegister right) => !(left == right);

    /// <summary>Whether the left register stands lower.</summary>
    public static bool operator <(MeterRegister left, MeterRegister right) => left._milliwattHours < right._milliwattHours;

    /// <summary>Whether the left register stands higher.</summary>
    public static bool operator >(MeterRegister left, MeterRegister right) => left._milliwattHours > right._milliwattHours;

    /// <summary>Whether the left register stands lower or equal.</summary>
    public static bool operator <=(MeterRegister left, MeterRegister right) => left._milliwattHours <= right._milliwattHours;

    /// <summary>Whether the left register stands higher or equal.</summary>
    public static bool operator >=(MeterRegister left, MeterRegister right) => left._milliwattHours >= right._milliwattHours;

    /// <inheritdoc />
    public bool Equals(MeterRegister other) => this == other;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is MeterRegister other && this == other;

    /// <inheritdoc />
    public override int GetHashCode() => _milliwattHours.GetHashCode();

    /// <inheritdoc />
    public int CompareTo(MeterRegister other) => _milliwattHours.CompareTo(other._milliwattHours);

    /// <summary>The total in kilowatt-hours with its unit.</summary>
    public override string ToString() =>
        (_milliwattHours / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture) + " kWh";
}
