using Busbar.Domain.Notifications;
using Busbar.Store.Sqlite;
using Busbar.Store.Writing;
using NodaTime;

namespace Busbar.Store.Notifications;

/// <summary>Notifications on SQLite, beside journal and readings in one file.</summary>
internal sealed class SqliteNotifications(StoreWriter writer, ReaderPool readers, NotificationBounds bounds) : INotificationStore
{
    public Duration TellWithin => bounds.TellWithin;

    public Task<NotificationOutcome> TellAsync(
        Notification notification, IReadOnlyList<DeliveryPlan> plans, Instant now, CancellationToken cancellation) =>
        Do(session => DeliveryWrites.Tell(session, notification, plans, now, bounds), cancellation);

    public Task<bool> WasToldAsync(NotificationId id, CancellationToken cancellation) =>
        readers.ReadAsync(session => DeliveryRows.WasTold(session, id), cancellation);

    public Task<DueDeliveries> ClaimAsync(
        NotificationChannel channel, Instant now, int most, IReadOnlyCollection<string> busy, CancellationToken cancellation) =>
        Do(session => DeliveryWrites.Claim(session, channel, now, most, busy), cancellation);

    public Task SettleAsync(DeliveryId delivery, DeliverySettlement settlement, Instant now, CancellationToken cancellation) => Do(
        session =>
        {
            DeliveryWrites.Settle(session, delivery, settlement, now);
            return true;
        },
        cancellation);

    public Task<int> ResumeAsync(Instant now, CancellationToken cancellation) =>
        Do(session => DeliveryWrites.Resume(session, now), cancellation);

    public Task<IReadOnlyList<DeliveryRecord>> OfAccountAsync(RecipientId account, long? below, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ReadAsync(session => DeliveryRows.OfAccount(session, account, below, limit), cancellation);
    }

    public Task<IReadOnlyList<DeliveryRecord>> FailedAsync(int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ReadAsync(session => DeliveryRows.Failed(session, limit), cancellation);
    }

    public Task<IReadOnlyList<DeliveryCount>> CountsAsync(CancellationToken cancellation) => readers.ReadAsync(DeliveryRows.Counts, cancellation);

    public Task<NotificationProfile> ProfileAsync(RecipientId account, CancellationToken cancellation) =>
        readers.ReadAsync(session => ProfileRows.Read(session, account), cancellation);

    public Task<NotificationProfile> ChangeAsync(
        RecipientId account, Func<NotificationProfile, NotificationProfile?> change, CancellationToken cancellation) => Do(
        session =>
        {
            var before = ProfileRows.Read(session, account);
            if (change(before) is not { } after)
                return before;
            if (after.Account != account)
                throw new ArgumentException("a change may not turn a profile into another account's", nameof(change));
            ProfileRows.Write(session, after);
            return after;
        },
        cancellation);

    public Task<IReadOnlyList<(NotificationProfile Profile, IReadOnlyList<NotificationAddress> Addresses)>> ReachableAsync(
        IReadOnlyCollection<RecipientId> accounts, CancellationToken cancellation) =>
        readers.ReadAsync<IReadOnlyList<(NotificationProfile, IReadOnlyList<NotificationAddress>)>>(
            session =>
            {
                var reachable = new List<(NotificationProfile, IReadOnlyList<NotificationAddress>)>();
                foreach (var account in accounts)
                {
                    var profile = ProfileRows.Read(session, account);
                    if (ProfileRows.Addresses(session, profile) is { Count: > 0 } addresses)
                        reachable.Add((profile, addresses));
                }

                return reachable;
            },
            cancellation);

    public Task AddAsync(PushSubscription subscription, int most, CancellationToken cancellation) => Do(
        session =>
        {
            SubscriptionRows.Add(session, subscription, most);
            return true;
        },
        cancellation);

    public Task<bool> RemoveAsync(RecipientId? account, string id, CancellationToken cancellation) =>
        Do(session => SubscriptionRows.Remove(session, account, id), cancellation);

    public Task<PushSubscription?> SubscriptionAsync(string id, CancellationToken cancellation) =>
        readers.ReadAsync(session => SubscriptionRows.Named(session, id), cancellation);

    public Task<IReadOnlyList<PushSubscription>> SubscriptionsAsync(RecipientId account, CancellationToken cancellation) =>
        readers.ReadAsync(session => SubscriptionRows.Of(session, account), cancellation);

    public Task ForgetAsync(RecipientId account, CancellationToken cancellation) => Do(
        session =>
        {
            session.Prepare("DELETE FROM delivery WHERE account = ?1").Bind(1, account.Value).Run();
            session.Prepare("DELETE FROM notification WHERE scope = ?1").Bind(1, new NotificationScope.Account(account).ToString()).Run();
            session.Prepare("DELETE FROM push_subscription WHERE account = ?1").Bind(1, account.Value).Run();
            session.Prepare("DELETE FROM notification_profile WHERE account = ?1").Bind(1, account.Value).Run();
            return true;
        },
        cancellation);

    public Task<int> PurgeAsync(Instant now, CancellationToken cancellation) =>
        Do(session => DeliveryWrites.Purge(session, now, bounds), cancellation);

    private Task<T> Do<T>(Func<SqliteSession, T> work, CancellationToken cancellation) =>
        writer.DoAsync(transaction => work(transaction.Session), alone: false, cancellation);
}
