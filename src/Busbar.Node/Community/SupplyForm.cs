using System.Globalization;
using Busbar.Domain.Supply;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node.Community;

/// <summary>The part of a community's file that says when nobody is tripped for debt.</summary>
internal sealed class SupplyForm
{
    private const int MostHolidays = 1000;
    private const double MostGraceHours = 8760;

    private static readonly LocalTimePattern Time = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    public string? QuietHours { get; set; }

    public List<string> Holidays { get; set; } = [];

    public double? GraceHours { get; set; }

    public static SupplyForm Of(SupplyCalendar calendar) => new()
    {
        QuietHours = calendar.Quiet.IsNone
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{Text(calendar.Quiet.From)}-{Text(calendar.Quiet.To)}"),
        Holidays = [.. calendar.Holidays.Order().Select(LocalDatePattern.Iso.Format)],
        GraceHours = calendar.Grace == SupplyPermit.DefaultGrace ? null : calendar.Grace.TotalHours,
    };

    /// <exception cref="NodeStartException">Something is not as it must be.</exception>
    public SupplyCalendar ToCalendar(string path, DateTimeZone zone)
    {
        if (GraceHours is not (null or (>= 0 and <= MostGraceHours)))
            throw new NodeStartException($"{path}: graceHours of supply is 0 to {MostGraceHours}, not {GraceHours}");
        if (Holidays.Count > MostHolidays)
            throw new NodeStartException($"{path}: supply has at most {MostHolidays} holidays");
        return new(zone)
        {
            Quiet = QuietHours is null ? default : Quiet(path, QuietHours),
            Holidays = Holidays.Select(text => Holiday(path, text)).ToHashSet(),
            Grace = GraceHours is { } hours ? Duration.FromSeconds(Math.Round(hours * 3600)) : SupplyPermit.DefaultGrace,
        };
    }

    private static QuietMinutes Quiet(string path, string text)
    {
        var parts = text.Split('-', StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || !Time.Parse(parts[0]).TryGetValue(default, out var from) || !Time.Parse(parts[1]).TryGetValue(default, out var to)
            || from == to)
            throw new NodeStartException($"{path}: quietHours of supply is two times of day such as 22:00-06:00, not {text}");
        return new((from.Hour * 60) + from.Minute, (to.Hour * 60) + to.Minute);
    }

    private static LocalDate Holiday(string path, string text) => LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date)
        ? date
        : throw new NodeStartException($"{path}: the holiday {text} of supply is no date such as 2026-12-25");

    private static string Text(ushort minute) => Time.Format(LocalTime.FromMinutesSinceMidnight(minute));
}
