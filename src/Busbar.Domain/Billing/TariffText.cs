using System.Globalization;
using Busbar.Domain.Quantities;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Domain.Billing;

/// <summary>The values of a tariff as text, both ways: what is written is read back as the same.</summary>
public static class TariffText
{
    private static readonly LocalDatePattern DatePattern = LocalDatePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd");
    private static readonly LocalTimePattern TimePattern = LocalTimePattern.CreateWithInvariantCulture("HH':'mm");
    private static readonly AnnualDatePattern DayPattern = AnnualDatePattern.CreateWithInvariantCulture("MM'-'dd");

    // From the longest, so that the first that divides is the one to write.
    private static readonly (string Name, long Seconds)[] Units = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];

    /// <summary>Kilowatt-hours with at most six digits behind the point.</summary>
    public static string Write(Energy energy) => WholeText.Format((UInt128)energy.MilliwattHours, 6);

    /// <summary>Reads kilowatt-hours, 0 or more.</summary>
    public static bool TryRead(string text, out Energy energy)
    {
        var read = WholeText.TryParse(text, 6, out var milliwattHours) && milliwattHours <= long.MaxValue;
        energy = read ? Energy.FromMilliwattHours((long)milliwattHours) : default;
        return read;
    }

    /// <summary>Basis points as a percentage with at most two digits behind the point.</summary>
    public static string WriteShare(ushort share) => WholeText.Format(share, 2);

    /// <summary>Reads a percentage.</summary>
    public static bool TryReadShare(string text, out ushort share)
    {
        var read = WholeText.TryParse(text, 2, out var points) && points <= ushort.MaxValue;
        share = read ? (ushort)points : default;
        return read;
    }

    /// <summary>Whole seconds in the largest unit of which they are a whole number, such as <c>15 days</c>.</summary>
    public static string Write(Duration span)
    {
        var seconds = span.BclCompatibleTicks / NodaConstants.TicksPerSecond;
        var (name, length) = Array.Find(Units, unit => seconds % unit.Seconds == 0);
        var count = seconds / length;
        return string.Create(CultureInfo.InvariantCulture, $"{count} {name}{(count == 1 ? "" : "s")}");
    }

    /// <summary>Reads a whole number of days, hours, minutes or seconds.</summary>
    public static bool TryRead(string text, out Duration span)
    {
        span = default;
        var parts = text.Split(' ');
        if (parts.Length != 2 || !WholeText.TryParse(parts[0], 0, out var count) || count > int.MaxValue)
            return false;
        var unit = Array.Find(Units, unit => parts[1] == unit.Name || (parts[1].Length == unit.Name.Length + 1 && parts[1] == unit.Name + "s"));
        if (unit.Name is null)
            return false;
        span = Duration.FromSeconds((long)count * unit.Seconds);
        return true;
    }

    /// <summary>A date as year, month and day.</summary>
    public static string Write(LocalDate date) => DatePattern.Format(date);

    /// <summary>Reads a date.</summary>
    public static bool TryRead(string text, out LocalDate date) => DatePattern.Parse(text).TryGetValue(default, out date);

    /// <summary>A day of each year as month and day.</summary>
    public static string Write(AnnualDate day) => DayPattern.Format(day);

    /// <summary>Reads a day of each year.</summary>
    public static bool TryRead(string text, out AnnualDate day) => DayPattern.Parse(text).TryGetValue(new(1, 1), out day);

    /// <summary>Hours such as <c>16:00-21:00</c>; midnight at their end is 24:00.</summary>
    public static string Write(HourSpan hours) =>
        $"{TimePattern.Format(hours.From)}-{(hours.To == LocalTime.Midnight ? "24:00" : TimePattern.Format(hours.To))}";

    /// <summary>Reads hours from one minute to another one.</summary>
    public static bool TryRead(string text, out HourSpan hours)
    {
        hours = default;
        var parts = text.Split('-');
        if (parts.Length != 2 || !TimePattern.Parse(parts[0]).TryGetValue(default, out var from))
            return false;
        var to = LocalTime.Midnight;
        if (parts[1] != "24:00" && !TimePattern.Parse(parts[1]).TryGetValue(default, out to))
            return false;
        hours = new(from, to);
        return from != to;
    }

    /// <summary>The small-letter names of kinds of day, in the order of the week.</summary>
    public static IEnumerable<string> Write(DayKinds days) => new[] { DayKinds.Weekday, DayKinds.Weekend, DayKinds.Holiday }
        .Where(kind => days.HasFlag(kind)).Select(kind => kind.ToString().ToLowerInvariant());

    /// <summary>Reads the name of one kind of day.</summary>
    public static bool TryRead(string text, out DayKinds day)
    {
        day = text switch
        {
            "weekday" => DayKinds.Weekday,
            "weekend" => DayKinds.Weekend,
            "holiday" => DayKinds.Holiday,
            _ => DayKinds.None,
        };
        return day != DayKinds.None;
    }

    /// <summary>The small-letter name of a day of the week.</summary>
    public static string Write(IsoDayOfWeek day) => day.ToString().ToLowerInvariant();

    /// <summary>Reads the name of a day of the week.</summary>
    public static bool TryRead(string text, out IsoDayOfWeek day)
    {
        day = Array.Find(Enum.GetValues<IsoDayOfWeek>(), day => day != IsoDayOfWeek.None && Write(day) == text);
        return day != IsoDayOfWeek.None;
    }
}
