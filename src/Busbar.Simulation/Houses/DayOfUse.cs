using Busbar.Simulation.Chance;

namespace Busbar.Simulation.Houses;

/// <summary>One civil day of a premises' use, W by minute, built up from appliances switched on and off.</summary>
internal sealed class DayOfUse
{
    public const int Minutes = 1440;

    private readonly double[] _watts = new double[Minutes];

    /// <summary>Mean power over a minute of the day, W.</summary>
    public double this[int minute] => _watts[minute];

    /// <summary>The day's energy, Wh.</summary>
    public double WattHours => _watts.Sum() / 60;

    /// <summary>Something that draws a power from a minute on; what lies outside the day is left out.</summary>
    public void Run(double watts, double fromMinute, double minutes)
    {
        var end = Math.Min(fromMinute + minutes, Minutes);
        for (var at = Math.Max(fromMinute, 0); at < end;)
        {
            var minute = (int)at;
            var next = Math.Min(minute + 1, end);
            _watts[minute] += watts * (next - at);
            at = next;
        }
    }

    /// <summary>A motor that a thermostat switches all day, with wandering cycles.</summary>
    public void Cycle(double watts, double onMinutes, double offMinutes, SeededGenerator chance)
    {
        for (var at = -chance.Between(0, onMinutes + offMinutes); at < Minutes;)
        {
            var on = onMinutes * chance.Between(0.8, 1.2);
            Run(watts, at, on);
            at += on + (offMinutes * chance.Between(0.8, 1.2));
        }
    }

    /// <summary>Stretches the whole day to an energy, Wh.</summary>
    public void ScaleTo(double wattHours)
    {
        var factor = wattHours / WattHours;
        for (var minute = 0; minute < Minutes; minute++)
            _watts[minute] *= factor;
    }
}
