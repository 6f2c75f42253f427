using Busbar.Domain.Notifications;
using Busbar.Store.Notifications;

namespace Busbar.Node.Notifications.Mail;

/// <summary>What a mail carries beside its text: the same at every try.</summary>
/// <param name="Text">For the plain text; lines end with CR LF.</param>
/// <param name="Html">The same as HTML, escaped.</param>
/// <param name="File">A file; null for none.</param>
internal sealed record Enclosure(string Text, string Html, EnclosedFile? File);

/// <summary>A text file that goes with a mail.</summary>
/// <param name="Name">Letters, digits, dots and hyphens.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Content">What is in it.</param>
internal sealed record EnclosedFile(string Name, string Type, string Content);

/// <summary>Knows what mails carry beside their text. Safe for concurrent callers.</summary>
internal interface IEnclosures
{
    /// <summary>What the mail of a notification carries; null for nothing.</summary>
    Enclosure? Of(ToldNotification told, NotificationTexts texts, NotificationLanguage language);
}
