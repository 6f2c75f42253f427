using System.Text;

namespace Busbar.Mqtt;

/// <summary>The rules of topic names and topic filters (MQTT 3.1.1, 4.7). Pure, thread safe, allocates nothing.</summary>
public static class MqttTopic
{
    private const int MaxBytes = ushort.MaxValue;

    /// <summary>True when a message may be published to this name: not empty, no wildcard, no U+0000, at most 65,535 bytes of UTF-8.</summary>
    public static bool IsValidName(ReadOnlySpan<char> name) =>
        name.Length > 0 && name.IndexOfAny('+', '#', '\0') < 0 && Fits(name);

    /// <summary>True when a subscription may be made with this filter: '+' fills a whole level, '#' a whole last level.</summary>
    public static bool IsValidFilter(ReadOnlySpan<char> filter)
    {
        if (filter.Length == 0 || filter.Contains('\0') || !Fits(filter))
            return false;
        for (var i = 0; i < filter.Length; i++)
        {
            if (filter[i] is not ('+' or '#'))
                continue;
            var alone = (i == 0 || filter[i - 1] == '/') && (i == filter.Length - 1 || filter[i + 1] == '/');
            if (!alone || (filter[i] == '#' && i != filter.Length - 1))
                return false;
        }

        return true;
    }

    /// <summary>True when a valid filter selects a valid name. A wildcard at the first level does not select names that begin with '$' (MQTT-4.7.2-1).</summary>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> name)
    {
        if (name[0] == '$' && filter[0] is ('+' or '#'))
            return false;
        while (true)
        {
            var level = NextLevel(ref filter, out var filterEnded);
            if (level is "#")
                return true;
            var part = NextLevel(ref name, out var nameEnded);
            if (level is not "+" && !level.SequenceEqual(part))
                return false;
            if (nameEnded)
                return filterEnded || filter is "#";
            if (filterEnded)
                return false;
        }
    }

    private static ReadOnlySpan<char> NextLevel(ref ReadOnlySpan<char> rest, out bool ended)
    {
        var slash = rest.IndexOf('/');
        ended = slash < 0;
        var level = ended ? rest : rest[..slash];
        rest = ended ? default : rest[(slash + 1)..];
        return level;
    }

    private static bool Fits(ReadOnlySpan<char> text) => text.Length <= MaxBytes / 3 || Encoding.UTF8.GetByteCount(text) <= MaxBytes;
}
