using System.Text;

namespace Busbar.Node.Notifications.Mail;

/// <summary>Writes header lines (RFC 5322) with text in encoded words (RFC 2047). What could end a line is refused.</summary>
internal static class MailHeader
{
    // A line with encoded words has at most 76 characters: a blank or the name, "=?utf-8?B?", base64 in fours, "?=".
    private const int LongestLine = 76;
    private const int AroundWord = 12;

    /// <summary>A line with a value that is ASCII by its nature: addresses, dates, names of types.</summary>
    /// <exception cref="ArgumentException">It is not, or holds a control character: a caller's bug.</exception>
    public static string Plain(string name, string value)
    {
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            throw new ArgumentException($"the header {name} may hold printable ASCII alone", nameof(value));
        return $"{name}: {value}\r\n";
    }

    /// <summary>A line with free text: in encoded words, unless it is short and plain.</summary>
    public static string Text(string name, string value)
    {
        var isPlain = !value.AsSpan().ContainsAnyExceptInRange(' ', '~') && !value.Contains("=?", StringComparison.Ordinal);
        return isPlain && name.Length + value.Length < 76 && value.Length > 0 ? $"{name}: {value}\r\n" : Encoded(name, value) + "\r\n";
    }

    /// <summary>A line with a name and an address. A comma or bracket in the name is part of the name and nothing else.</summary>
    public static string Mailbox(string name, string person, MailAddress address)
    {
        var isPlain = person.Length is > 0 and < 60 && person.All(character => char.IsAsciiLetterOrDigit(character) || character == ' ');
        return isPlain ? $"{name}: {person} <{address}>\r\n" : $"{Encoded(name, person)}\r\n <{address}>\r\n";
    }

    private static string Encoded(string name, string value)
    {
        var line = new StringBuilder(name).Append(':');
        foreach (var word in Words(value, LongestLine - AroundWord - name.Length - 2))
            line.Append(line.Length > name.Length + 1 ? "\r\n " : " ").Append("=?utf-8?B?").Append(word).Append("?=");
        return line.ToString();
    }

    // A character is never cut between two words.
    private static IEnumerable<string> Words(string value, int room)
    {
        var bytes = new List<byte>(LongestLine);
        var buffer = new byte[4];
        foreach (var rune in value.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(buffer);
            if (bytes.Count + length > room / 4 * 3)
            {
                yield return Convert.ToBase64String([.. bytes]);
                bytes.Clear();
                room = LongestLine - AroundWord - 1;
            }

            bytes.AddRange(buffer.AsSpan(0, length));
        }

        yield return Convert.ToBase64String([.. bytes]);
    }
}
