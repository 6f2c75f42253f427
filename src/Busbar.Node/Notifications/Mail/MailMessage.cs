using System.Globalization;
using System.Net;
using System.Text;
using NodaTime;

namespace Busbar.Node.Notifications.Mail;

/// <summary>A mail: the same text plain and as simple HTML.</summary>
/// <param name="Id">The name before the <c>@</c> of its Message-ID: the same at every try.</param>
/// <param name="From">Who sends.</param>
/// <param name="FromName">The name beside it.</param>
/// <param name="To">Who receives.</param>
/// <param name="Date">When what it tells happened: the same at every try.</param>
/// <param name="Language">The language's tag.</param>
internal sealed record MailMessage(string Id, MailAddress From, string FromName, MailAddress To, Instant Date, string Language)
{
    private const int Base64Line = 76;

    public required string Subject { get; init; }

    public required string Body { get; init; }

    /// <summary>A link under the text; null for none.</summary>
    public (string Text, Uri Address)? Link { get; init; }

    /// <summary>What stands below everything: why this mail came.</summary>
    public required string Footer { get; init; }

    /// <summary>Where such mails can be switched off; null when the node has no public address.</summary>
    public Uri? Settings { get; init; }

    /// <summary>What it carries beside its text; null for nothing.</summary>
    public Enclosure? Enclosed { get; init; }

    /// <summary>The message on the wire (RFC 5322, RFC 2046), without dot-stuffing.</summary>
    public byte[] Write()
    {
        // The boundary comes from the name, so that every try writes the same bytes; base64 never holds an underscore.
        var boundary = $"=_{Id}";
        var text = new StringBuilder();
        text.Append(MailHeader.Plain("Date", Date.ToDateTimeOffset().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)));
        text.Append(MailHeader.Mailbox("From", FromName, From));
        text.Append(MailHeader.Plain("To", To.Value));
        text.Append(MailHeader.Text("Subject", Subject));
        text.Append(MailHeader.Plain("Message-ID", $"<{Id}@{From.Domain}>"));
        text.Append(MailHeader.Plain("Auto-Submitted", "auto-generated"));
        text.Append(MailHeader.Plain("Content-Language", Language));
        if (Settings is not null)
            text.Append(MailHeader.Plain("List-Unsubscribe", $"<{Settings.AbsoluteUri}>"));
        text.Append(MailHeader.Plain("MIME-Version", "1.0"));
        if (Enclosed?.File is not { } file)
        {
            Alternatives(text, boundary);
            return Encoding.ASCII.GetBytes(text.ToString());
        }

        var outer = $"={boundary}";
        Open(text, "mixed", outer);
        text.Append("--").Append(outer).Append("\r\n");
        Alternatives(text, boundary);
        var name = $"filename=\"{file.Name}\"";
        Part(text, outer, file.Type, file.Content, MailHeader.Plain("Content-Disposition", $"attachment; {name}"));
        text.Append("--").Append(outer).Append("--\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static void Open(StringBuilder text, string kind, string boundary) =>
        text.Append("Content-Type: multipart/").Append(kind).Append(";\r\n boundary=\"").Append(boundary).Append("\"\r\n\r\n");

    private void Alternatives(StringBuilder text, string boundary)
    {
        Open(text, "alternative", boundary);
        Part(text, boundary, "text/plain", PlainText());
        Part(text, boundary, "text/html", Html());
        text.Append("--").Append(boundary).Append("--\r\n");
    }

    private static void Part(StringBuilder text, string boundary, string type, string content, string header = "")
    {
        text.Append("--").Append(boundary).Append("\r\n").Append(MailHeader.Plain("Content-Type", $"{type}; charset=utf-8")).Append(header)
            .Append(MailHeader.Plain("Content-Transfer-Encoding", "base64")).Append("\r\n");
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(content));
        for (var at = 0; at < encoded.Length; at += Base64Line)
            text.Append(encoded.AsSpan(at, Math.Min(Base64Line, encoded.Length - at))).Append("\r\n");
    }

    private string PlainText()
    {
        var link = Link is { } shown ? $"{shown.Text}: {shown.Address.AbsoluteUri}\r\n\r\n" : "";
        var enclosed = Enclosed is { } more ? $"{more.Text}\r\n" : "";
        return $"{Body}\r\n\r\n{enclosed}{link}-- \r\n{Footer}\r\n";
    }

    private string Html()
    {
        var link = Link is { } shown ? $"<p><a href=\"{Escape(shown.Address.AbsoluteUri)}\">{Escape(shown.Text)}</a></p>" : "";
        return $"<!doctype html><html lang=\"{Escape(Language)}\"><head><meta charset=\"utf-8\"><title>{Escape(Subject)}</title></head>"
            + "<body style=\"font-family:sans-serif;line-height:1.5\">"
            + $"<h1 style=\"font-size:1.2em\">{Escape(Subject)}</h1><p>{Escape(Body)}</p>{Enclosed?.Html}{link}<hr><p><small>{Escape(Footer)}</small></p></body></html>\r\n";
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
