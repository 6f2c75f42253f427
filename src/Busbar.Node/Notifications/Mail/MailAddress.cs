using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Busbar.Node.Notifications.Mail;

/// <summary>
/// A mail address as it goes over the wire: ASCII, one <c>@</c>, a local part of plain characters and a domain name. Nothing that could
/// end a line, quote or comment can be part of one, so that it is safe in every header and command.
/// </summary>
public sealed partial record MailAddress
{
    private MailAddress(string value) => Value = value;

    /// <summary>The address.</summary>
    public string Value { get; }

    /// <summary>The part after the <c>@</c>.</summary>
    public string Domain => Value[(Value.IndexOf('@', StringComparison.Ordinal) + 1)..];

    /// <summary>The address with its local part cut short, for lists and logs.</summary>
    public string Masked => $"{Value[..1]}***@{Domain}";

    /// <summary>Reads an address; false for anything else. The domain becomes small letters, blanks around it go.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out MailAddress? address)
    {
        address = null;
        text = text?.Trim(' ');
        if (text is null || text.Length > 254 || !Form().IsMatch(text))
            return false;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at > 64)
            return false;
        address = new(text[..at] + text[at..].ToLowerInvariant());
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => Value;

    [GeneratedRegex(
        @"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
        + @"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Form();
}
