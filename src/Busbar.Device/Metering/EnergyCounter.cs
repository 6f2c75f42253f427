using Busbar.Domain.Quantities;

namespace Busbar.Device.Metering;

/// <summary>
/// A running total of energy: whole milliwatt-hours, and what is beyond them in floating point, so that the total's size costs no
/// precision. Only the register that is read is rounded.
/// </summary>
internal struct EnergyCounter(long whole, double fraction)
{
    public long Whole { get; private set; } = whole;

    /// <summary>From 0 up to but without 1 mWh.</summary>
    public double Fraction { get; private set; } = fraction;

    public readonly MeterRegister Register => MeterRegister.FromMilliwattHours(Whole + (Fraction >= 0.5 ? 1 : 0));

    public void Add(double milliwattHours)
    {
        Fraction += milliwattHours;
        var carry = Math.Floor(Fraction);
        Whole += (long)carry;
        Fraction -= carry;
    }
}
