using Busbar.Domain.Notifications;
using Busbar.Node.Notifications;
using Busbar.Store.Notifications;
using NodaTime;

namespace Busbar.Node.Tests.Notifications;

/// <summary>Notifications and deliveries for the tests.</summary>
internal static class Samples
{
    public static readonly Instant Noon = Instant.FromUtc(2026, 1, 1, 0, 0);
    public static readonly RecipientId Asha = new("asha");
    public static readonly Cryptography.Address Newcomer = new(Cryptography.Keccak256.Hash("a newcomer"u8).ToArray().AsSpan(0, 20));
    public static readonly DateTimeZone India = DateTimeZoneProviders.Tzdb["Asia/Kolkata"];

    public static Notification Silent(int number, string meter = "house 1") => Notification.Of(
        NotificationMessage.MeterSilent, new NotificationScope.Community(), $"cause {number}", Noon,
        ("meter", meter), ("minutes", "30"), ("since", "2025-12-31T23:30:00Z"));

    public static Notification Alarm(int number) => Notification.Of(
        NotificationMessage.SafetyAlarm, new NotificationScope.Community(), $"alarm {number}", Noon,
        ("kind", "Fire"), ("place", "kitchen"), ("time", "2025-12-31T23:59:00Z"));

    public static ClaimedDelivery Claimed(
        NotificationAddress address, NotificationLanguage language = NotificationLanguage.English, Notification? notification = null)
    {
        var told = notification ?? Silent(1);
        return new(
            DeliveryId.Of(told.Id, Asha, address), Asha, address, language, 1, Noon + Duration.FromDays(1),
            new(told.Id, told.Form.Message, told.At, told.Data));
    }

    public static WrittenText Text(ClaimedDelivery delivery)
    {
        var (subject, body) = new NotificationTexts(India).Write(delivery.Told, delivery.Language);
        return new(subject, body, new Uri("https://village.example.org/devices"));
    }
}
