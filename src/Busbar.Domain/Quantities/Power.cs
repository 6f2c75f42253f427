using System.Globalization;
using NodaTime;

namespace Busbar.Domain.Quantities;

/// <summary>Electrical power in watts, import positive: telemetry and limits, never money.</summary>
public readonly struct Power : IEquatable<Power>
{
    private readonly double _watts;

    private Power(double watts) => _watts = watts;

    /// <summary>A power in watts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a finite number.</exception>
    public static Power FromWatts(double watts) =>
        double.IsFinite(watts) ? new(watts) : throw new ArgumentOutOfRangeException(nameof(watts), watts, "a power is a finite number");

    /// <summary>The power in watts.</summary>
    public double Watts => _watts;

    /// <summary>The energy of this power held for a time, rounded up to a whole milliwatt-hour (used for limits).</summary>
    public Energy OverCeiling(Duration time) => Energy.FromMilliwattHours((long)Math.Ceiling(_watts * time.TotalHours * 1000));

    /// <summary>Adds two powers.</summary>
    public static Power operator +(Power left, Power right) => FromWatts(left._watts + right._watts);

    /// <summary>Subtracts a power.</summary>
    public static Power operator -(Power left, Power right) => FromWatts(left._watts - right._watts);

    /// <summary>Whether two powers are the same.</summary>
    public static bool operator ==(Power left, Power right) => left._watts.Equals(right._watts);

    /// <summary>Whether two powers differ.</summary>
    public static bool operator !=(Power left, Power right) => !(left == right);

    /// <inheritdoc />
    public bool Equals(Power other) => this == other;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Power other && this == other;

    /// <inheritdoc />
    public override int GetHashCode() => _watts.GetHashCode();

    /// <summary>The power with its unit, such as <c>230 W</c>.</summary>
    public override string ToString() => _watts.ToString("0.###", CultureInfo.InvariantCulture) + " W";
}
