using Busbar.Domain.Notifications;
using Busbar.Store.Notifications;

namespace Busbar.Node.Notifications.Mail;

/// <summary>Mails.</summary>
/// <param name="options">The mail server.</param>
/// <param name="community">The community's name, which mails come under.</param>
/// <param name="texts">The words around a text.</param>
/// <param name="settings">Where choices are made; null when the node has no public address.</param>
/// <param name="time">Measures the limit.</param>
internal sealed class MailChannel(MailOptions options, string community, NotificationTexts texts, Uri? settings, TimeProvider time)
    : IDeliveryChannel
{
    private readonly SmtpClient _client = new(options, time);

    public NotificationChannel Channel => NotificationChannel.Email;

    public int Places => options.Places;

    /// <summary>Knows what a mail carries beside its text; null for nothing.</summary>
    public IEnclosures? Enclosures { get; init; }

    public async Task<DeliveryOutcome> DeliverAsync(ClaimedDelivery delivery, WrittenText text, CancellationToken cancellation)
    {
        if (!MailAddress.TryParse(delivery.Address.Value, out var to))
            return new DeliveryOutcome.Refused("not a mail address");
        var frame = texts.Frame(delivery.Language);
        var message = new MailMessage(delivery.Id.Token, options.From, community, to, delivery.Told.At, delivery.Language.Tag())
        {
            Subject = text.Subject,
            Body = text.Body,
            Link = text.Page is null ? null : (frame.More, text.Page),
            Footer = settings is null ? frame.Why : $"{frame.Why} {settings.AbsoluteUri}",
            Settings = settings,
            Enclosed = Enclosures?.Of(delivery.Told, texts, delivery.Language),
        };
        try
        {
            return new DeliveryOutcome.Accepted(await _client.SendAsync(to, message.Write(), cancellation));
        }
        catch (SmtpException failed)
        {
            return failed.IsFinal ? new DeliveryOutcome.Refused(failed.Message) : new DeliveryOutcome.Later(failed.Message);
        }
    }
}
