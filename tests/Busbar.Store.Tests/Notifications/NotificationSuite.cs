using Busbar.Domain.Notifications;
using Busbar.Store.Notifications;
using Busbar.Store.Sqlite;
using Busbar.Store.Tests.Sqlite;
using NodaTime;

namespace Busbar.Store.Tests.Notifications;

/// <summary>A fresh store, and notifications to put into it.</summary>
public abstract class NotificationSuite : IAsyncLifetime
{
    protected static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);
    protected static readonly RecipientId Asha = new("asha");
    protected static readonly RecipientId Ravi = new("ravi");

    internal OpenSqlite Open { get; private set; } = null!;

    protected INotificationStore Store => Open.Store.Notifications;

    protected static CancellationToken None => CancellationToken.None;

    protected virtual SqliteStoreOptions? Options => null;

    public async Task InitializeAsync() => Open = await OpenSqlite.OpenAsync(Options);

    public async Task DisposeAsync() => await Open.DisposeAsync();

    protected static Notification Silent(int number, Instant? at = null) => Notification.Of(
        NotificationMessage.MeterSilent, new NotificationScope.Community(), $"cause {number}", at ?? Noon,
        ("meter", "house 1"), ("minutes", "30"), ("since", "2026-03-01T11:30:00Z"));

    protected static Notification Alarm(int number) => Notification.Of(
        NotificationMessage.SafetyAlarm, new NotificationScope.Community(), $"alarm {number}", Noon,
        ("kind", "fire"), ("place", "kitchen"), ("time", "2026-03-01T11:30:00Z"));

    protected static DeliveryPlan Plan(
        Notification notification, RecipientId account, string address = "asha@example.org",
        NotificationChannel channel = NotificationChannel.Email, Instant? first = null)
    {
        var place = new NotificationAddress(channel, address);
        var at = first ?? Noon;
        return new(DeliveryId.Of(notification.Id, account, place), account, place, NotificationLanguage.Hindi, at, at + Duration.FromDays(1));
    }

    protected Task<NotificationOutcome> TellAsync(Notification notification, params DeliveryPlan[] plans) =>
        Store.TellAsync(notification, plans, Noon, None);

    protected async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(
        Instant now, int most = 10, NotificationChannel channel = NotificationChannel.Email, params string[] busy) =>
        (await Store.ClaimAsync(channel, now, most, busy, None)).Deliveries;

    protected async Task<DeliveryRecord> OnlyAsync(RecipientId account) => Assert.Single(await Store.OfAccountAsync(account, null, 10, None));
}
