using System.Security.Cryptography.X509Certificates;
using Busbar.Node.Notifications.Mail;
using Busbar.Node.Notifications.Outbound;

namespace Busbar.Node.Notifications;

/// <summary>How the node tells people things.</summary>
public sealed record NotificationOptions
{
    /// <summary>The mail server; null for none, and then nobody can give a mail address.</summary>
    public MailOptions? Mail { get; init; }

    /// <summary>Where people reach the page, for links; null for no links.</summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>
    /// Whom a push service may write to about this node: <c>mailto:</c> or <c>https:</c>. Without one it is the sender of the mails, or the
    /// public address; without these there are no push messages, since services refuse messages from nobody.
    /// </summary>
    public string? PushContact { get; init; }

    /// <summary>Where webhooks and push messages may go.</summary>
    public AddressRules Rules { get; init; } = new();

    /// <summary>An authority of one's own that webhooks and push services may have their certificates from, instead of the system's.</summary>
    public X509Certificate2? Authority { get; init; }

    /// <summary>Decides by how much tries are spread. Any number, another on each node.</summary>
    public ulong RetrySeed { get; init; }

    internal string? Contact => PushContact
        ?? (Mail is { } mail ? $"mailto:{mail.From}" : PublicAddress is { Scheme: "https" } page ? page.AbsoluteUri : null);
}
