using System.Globalization;
using System.Text;

namespace Busbar.Node.Notifications.Mail;

/// <summary>What a mail server answered (RFC 5321, 4.2).</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Lines">The text of its lines.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    private const int MostTold = 160;

    public bool IsGood => Code is >= 200 and < 400;

    /// <summary>Whether the server says that another try would fail as well.</summary>
    public bool IsFinal => Code >= 500;

    /// <summary>The words after an extension's name, or null when the server does not have it.</summary>
    public string? Extension(string name) => Lines
        .FirstOrDefault(line => line.Equals(name, StringComparison.OrdinalIgnoreCase) || line.StartsWith(name + " ", StringComparison.OrdinalIgnoreCase))?
        [name.Length..].Trim();

    /// <summary>Code and first line in printable ASCII, for a person.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Code.ToString(CultureInfo.InvariantCulture)).Append(' ');
        foreach (var character in Lines.Count > 0 ? Lines[0] : "")
            text.Append(character is >= ' ' and <= '~' ? character : '?');
        return text.Length <= MostTold ? text.ToString() : text.ToString(0, MostTold);
    }
}

/// <summary>A mail could not be handed over.</summary>
internal sealed class SmtpException(string message, bool isFinal, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether another try would fail as well.</summary>
    public bool IsFinal { get; } = isFinal;
}
