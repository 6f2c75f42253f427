using Busbar.Domain.Notifications;
using Busbar.Store.Notifications;
using NodaTime;

namespace Busbar.Node.Notifications;

/// <summary>What all pumps share.</summary>
internal sealed record NotificationDispatch(
    INotificationStore Store, NotificationTexts Texts, RetrySchedule Schedule, Uri? PublicAddress, IClock Clock, TimeProvider Time)
{
    /// <summary>A delivery's text in its reader's language.</summary>
    public WrittenText Write(ClaimedDelivery delivery)
    {
        var (subject, body) = Texts.Write(delivery.Told, delivery.Language);
        var page = PublicAddress is null ? null : new Uri(PublicAddress, NotificationForm.Of(delivery.Told.Message).PageOf(delivery.Told.Data));
        return new(subject, body, page);
    }
}
