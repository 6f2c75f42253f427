using System.Security.Cryptography.X509Certificates;

namespace Busbar.Node.Notifications.Mail;

/// <summary>How the way to the mail server is encrypted.</summary>
public enum MailSecurity
{
    /// <summary>STARTTLS after the greeting, and nothing without it. Port 587.</summary>
    StartTls,

    /// <summary>TLS from the first byte. Port 465.</summary>
    Tls,

    /// <summary>None. Only to this machine, unless it is allowed expressly.</summary>
    Plain,
}

/// <summary>The mail server that takes the node's mails.</summary>
public sealed record MailOptions
{
    /// <summary>Its name.</summary>
    public required string Host { get; init; }

    /// <summary>Its port. Default 587.</summary>
    public int Port { get; init; } = 587;

    /// <summary>The encryption. Default STARTTLS.</summary>
    public MailSecurity Security { get; init; } = MailSecurity.StartTls;

    /// <summary>Allows mails, and the password, to go unencrypted to another machine. Default false.</summary>
    public bool AllowPlain { get; init; }

    /// <summary>The address that mails come from.</summary>
    public required MailAddress From { get; init; }

    /// <summary>The user's name; null for none.</summary>
    public string? User { get; init; }

    /// <summary>The password; null for none. Never logged.</summary>
    public string? Password { get; init; }

    /// <summary>An authority of one's own to trust instead of the system's; null for the system's.</summary>
    public X509Certificate2? Authority { get; init; }

    /// <summary>How long one mail may take, from connecting to the server's last word. Default 2 minutes.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How many mails may be under way at the same time. Default 2.</summary>
    public int Places { get; init; } = 2;

    /// <summary>The password stays out of every text.</summary>
    public override string ToString() => $"{Host}:{Port} ({Security})";
}
