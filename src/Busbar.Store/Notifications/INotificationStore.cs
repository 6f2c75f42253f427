using Busbar.Domain.Notifications;
using NodaTime;

namespace Busbar.Store.Notifications;

/// <summary>
/// Notifications, their deliveries, and who wants them where, on disk. What a call says is done is done even when the machine dies the
/// next moment. Safe for concurrent callers; failures of the disk are <see cref="Ledger.Journal.StoreException"/>.
/// </summary>
public interface INotificationStore
{
    /// <summary>What happened longer ago is not told any more.</summary>
    Duration TellWithin { get; }

    /// <summary>Stores a notification with its deliveries in one step, unless its cause was told before.</summary>
    Task<NotificationOutcome> TellAsync(
        Notification notification, IReadOnlyList<DeliveryPlan> plans, Instant now, CancellationToken cancellation);

    /// <summary>Whether a notification was told before and is still remembered.</summary>
    Task<bool> WasToldAsync(NotificationId id, CancellationToken cancellation);

    /// <summary>
    /// Takes due deliveries of a channel, the earliest first and at most one for each address. Each counts as a try, and is handed over to
    /// the caller alone until it is settled.
    /// </summary>
    /// <param name="channel">Which channel.</param>
    /// <param name="now">The moment.</param>
    /// <param name="most">How many at the most.</param>
    /// <param name="busy">Addresses that have one under way.</param>
    /// <param name="cancellation">Gives up before anything is taken.</param>
    Task<DueDeliveries> ClaimAsync(
        NotificationChannel channel, Instant now, int most, IReadOnlyCollection<string> busy, CancellationToken cancellation);

    /// <summary>Records what came of a try. Of a delivery that is not handed over, nothing is changed.</summary>
    Task SettleAsync(DeliveryId delivery, DeliverySettlement settlement, Instant now, CancellationToken cancellation);

    /// <summary>
    /// To be called once before the first claim: deliveries that an earlier process handed over without recording an answer wait again,
    /// under the same names and with their tries counted.
    /// </summary>
    /// <returns>How many there were.</returns>
    Task<int> ResumeAsync(Instant now, CancellationToken cancellation);

    /// <summary>An account's newest deliveries.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="below">Only those with a smaller number; null for the newest.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<DeliveryRecord>> OfAccountAsync(RecipientId account, long? below, int limit, CancellationToken cancellation);

    /// <summary>The newest deliveries that failed for good, of all accounts.</summary>
    Task<IReadOnlyList<DeliveryRecord>> FailedAsync(int limit, CancellationToken cancellation);

    /// <summary>How many deliveries stand how.</summary>
    Task<IReadOnlyList<DeliveryCount>> CountsAsync(CancellationToken cancellation);

    /// <summary>An account's profile; the defaults when it has chosen nothing.</summary>
    Task<NotificationProfile> ProfileAsync(RecipientId account, CancellationToken cancellation);

    /// <summary>Changes a profile in one step.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="change">Gives the new profile, or null to leave it; runs on the writer's thread and may run twice.</param>
    /// <param name="cancellation">Gives up before anything is written.</param>
    /// <returns>The profile as it is afterwards.</returns>
    Task<NotificationProfile> ChangeAsync(
        RecipientId account, Func<NotificationProfile, NotificationProfile?> change, CancellationToken cancellation);

    /// <summary>The profiles of accounts with all their addresses, for those that have any.</summary>
    Task<IReadOnlyList<(NotificationProfile Profile, IReadOnlyList<NotificationAddress> Addresses)>> ReachableAsync(
        IReadOnlyCollection<RecipientId> accounts, CancellationToken cancellation);

    /// <summary>Adds a push subscription, in the place of one with the same endpoint; beyond a number the account's oldest goes.</summary>
    Task AddAsync(PushSubscription subscription, int most, CancellationToken cancellation);

    /// <summary>Removes a push subscription; false when there is none such.</summary>
    /// <param name="account">Whose; null for any.</param>
    /// <param name="id">Its name.</param>
    /// <param name="cancellation">Gives up before anything is written.</param>
    Task<bool> RemoveAsync(RecipientId? account, string id, CancellationToken cancellation);

    /// <summary>A push subscription; null when it is gone.</summary>
    Task<PushSubscription?> SubscriptionAsync(string id, CancellationToken cancellation);

    /// <summary>An account's push subscriptions, the oldest first.</summary>
    Task<IReadOnlyList<PushSubscription>> SubscriptionsAsync(RecipientId account, CancellationToken cancellation);

    /// <summary>Forgets all about an account.</summary>
    Task ForgetAsync(RecipientId account, CancellationToken cancellation);

    /// <summary>Forgets what was told longer ago than it is kept.</summary>
    /// <returns>How many notifications went.</returns>
    Task<int> PurgeAsync(Instant now, CancellationToken cancellation);
}
