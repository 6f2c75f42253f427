using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Simulation.Replay;

/// <summary>Reads a line's time: an instant, or a civil time that the zone then turns into none, one or two instants.</summary>
internal sealed class TimeReader
{
    private readonly DateTimeZone _zone;
    private readonly bool _unix;
    private readonly LocalDateTimePattern? _pattern;

    public TimeReader(ColumnMap map)
    {
        _zone = DateTimeZoneProviders.Tzdb[map.Zone];
        _unix = map.TimeFormat is "unix";
        if (_unix || map.TimeFormat is "iso")
            return;
        try
        {
            _pattern = LocalDateTimePattern.CreateWithInvariantCulture(map.TimeFormat);
        }
        catch (InvalidPatternException failure)
        {
            throw new ReplayException(new(0, Meter: null, ReplayProblemKind.BadMap, $"timeFormat {map.TimeFormat}: {failure.Message}"), failure);
        }
    }

    /// <summary>The instants that the text may mean, the earlier first; both the same where there is one.</summary>
    public ReplayProblemKind Read(ReadOnlySpan<char> text, out Instant earlier, out Instant later)
    {
        earlier = later = default;
        text = text.Trim();
        if (_unix)
        {
            // 9999-12-31 is the last day that an instant can be.
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 253_402_300_799)
                return ReplayProblemKind.BadTime;
            earlier = later = Instant.FromUnixTimeSeconds(seconds);
            return ReplayProblemKind.None;
        }

        LocalDateTime civil;
        if (_pattern is not null)
        {
            var parsed = _pattern.Parse(text.ToString());
            if (!parsed.Success)
                return ReplayProblemKind.BadTime;
            civil = parsed.Value;
        }
        else if (!TryReadIso(text, out civil, out var offset))
        {
            return ReplayProblemKind.BadTime;
        }
        else if (offset is { } given)
        {
            earlier = later = civil.WithOffset(given).ToInstant();
            return ReplayProblemKind.None;
        }

        var mapping = _zone.MapLocal(civil);
        if (mapping.Count == 0)
            return ReplayProblemKind.NonexistentTime;
        earlier = mapping.First().ToInstant();
        later = mapping.Last().ToInstant();
        return ReplayProblemKind.None;
    }

    // 2018-10-29T00:15, a blank for the T, seconds if given, then nothing, Z or +01:00. Years 1970 to 2199: what else is an error.
    private static bool TryReadIso(ReadOnlySpan<char> text, out LocalDateTime civil, out Offset? offset)
    {
        civil = default;
        offset = null;
        if (text.Length < 16 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or ' ') || text[13] != ':')
            return false;
        if (!Number(text[..4], 1970, 2199, out var year) || !Number(text[5..7], 1, 12, out var month)
            || !Number(text[8..10], 1, 31, out var day) || !Number(text[11..13], 0, 23, out var hour)
            || !Number(text[14..16], 0, 59, out var minute) || day > CalendarSystem.Iso.GetDaysInMonth(year, month))
            return false;
        text = text[16..];
        var second = 0;
        if (text.StartsWith(":"))
        {
            if (text.Length < 3 || !Number(text[1..3], 0, 59, out second))
                return false;
            text = text[3..];
        }

        civil = new LocalDateTime(year, month, day, hour, minute, second);
        return text.IsEmpty || TryReadOffset(text, out offset);
    }

    private static bool TryReadOffset(ReadOnlySpan<char> text, out Offset? offset)
    {
        offset = Offset.Zero;
        if (text is "Z")
            return true;
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':'
            || !Number(text[1..3], 0, 18, out var hours) || !Number(text[4..], 0, 59, out var minutes) || (hours == 18 && minutes > 0))
            return false;
        var seconds = (hours * 3600) + (minutes * 60);
        offset = Offset.FromSeconds(text[0] == '-' ? -seconds : seconds);
        return true;
    }

    private static bool Number(ReadOnlySpan<char> text, int least, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
}
