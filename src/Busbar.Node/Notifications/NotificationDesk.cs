using Busbar.Domain.Notifications;
using Busbar.Ledger.Journal;
using Busbar.Node.Notifications.Mail;
using Busbar.Node.Notifications.Outbound;
using Busbar.Node.Notifications.Push;
using Busbar.Node.Notifications.Webhooks;
using Busbar.Store.Notifications;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Notifications;

/// <summary>
/// Tells people what happened. What is raised is on disk with all its deliveries when the call returns; what is on disk is delivered, after
/// a crash too. Safe for concurrent callers.
/// </summary>
public sealed partial class NotificationDesk : IDisposable
{
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromHours(1);

    private readonly NotificationSurroundings _around;
    private readonly Dictionary<NotificationChannel, ChannelPump> _pumps = [];
    private readonly ILogger<NotificationDesk> _log;
    private readonly IDisposable[] _owned;

    internal NotificationDesk(
        NotificationSurroundings around, NotificationDispatch dispatch, VapidKey? key, AddressRules rules, IReadOnlyList<IDeliveryChannel> channels,
        params IDisposable[] owned)
    {
        _around = around;
        _owned = owned;
        _log = around.Logs.CreateLogger<NotificationDesk>();
        foreach (var channel in channels)
            _pumps.Add(channel.Channel, new(channel, dispatch, around.Logs.CreateLogger<ChannelPump>()));
        Preferences = new(this, around, rules, key?.PublicKey);
    }

    /// <summary>Who wants to be told what, where and when.</summary>
    public NotificationPreferences Preferences { get; }

    /// <summary>Makes a desk with the channels that are set up. It raises at once, and delivers while <see cref="RunAsync"/> runs.</summary>
    /// <exception cref="InvalidDataException">The texts of a language are not whole.</exception>
    public static NotificationDesk Create(NotificationOptions options, NotificationSurroundings around)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(around);
        var texts = new NotificationTexts(around.Zone);
        var dispatch = new NotificationDispatch(
            around.Store, texts, new(options.RetrySeed), options.PublicAddress, around.Clock, around.Time);
        var client = new OutboundClient(options.Rules, options.Authority);
        var channels = new List<IDeliveryChannel> { new WebhookChannel(around.Store, around.Secret, client, around.Clock, around.Time) };
        if (options.Mail is { } mail)
        {
            var settings = options.PublicAddress is { } page ? new Uri(page, "/settings") : null;
            channels.Add(new MailChannel(mail, around.Community, texts, settings, around.Time) { Enclosures = around.Enclosures });
        }

        if (options.Contact is not { } contact)
            return new(around, dispatch, key: null, options.Rules, channels, client);
        var key = VapidKey.Derive(around.Secret);
        channels.Add(new PushChannel(around.Store, key, contact, client, around.Clock, around.Time));
        return new(around, dispatch, key, options.Rules, channels, client, key);
    }

    /// <summary>Whether a channel is set up on this node.</summary>
    public bool Has(NotificationChannel channel) => _pumps.ContainsKey(channel);

    /// <summary>Tells whom it concerns, as each has chosen. The same cause is told once, however often it is raised.</summary>
    /// <exception cref="StoreException">The disk failed; nothing was told, and raising it again may succeed.</exception>
    public async Task<NotificationOutcome> RaiseAsync(Notification notification, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notification);
        if (!IsRecent(notification.At))
            return NotificationOutcome.TooOld;
        if (await _around.Store.WasToldAsync(notification.Id, cancellation))
            return NotificationOutcome.AlreadyTold;
        var standings = (await _around.Directory.StandingsAsync(notification, cancellation))
            .Where(standing => standing.IsAddressed(notification))
            .DistinctBy(standing => standing.Account)
            .ToDictionary(standing => standing.Account);
        var reachable = await _around.Store.ReachableAsync(standings.Keys, cancellation);
        var parties = reachable.Select(pair => new NotificationParty(
            standings[pair.Profile.Account], pair.Profile.Choice, [.. pair.Addresses.Where(address => Has(address.Channel))]));
        var plans = DeliveryRule.Plan(notification, parties, _around.Clock.GetCurrentInstant(), _around.Zone);
        return await TellAsync(notification, plans, cancellation);
    }

    /// <summary>Whether what happened then is still told.</summary>
    public bool IsRecent(Instant at) => at >= _around.Clock.GetCurrentInstant() - _around.Store.TellWithin;

    /// <summary>Whether a notification was told before and is still remembered.</summary>
    public Task<bool> WasToldAsync(NotificationId id, CancellationToken cancellation) => _around.Store.WasToldAsync(id, cancellation);

    /// <summary>Delivers until it is stopped; begins with what an earlier process left.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var resumed = await _around.Store.ResumeAsync(_around.Clock.GetCurrentInstant(), stopping);
        if (resumed > 0)
            LogResumed(resumed);
        await Task.WhenAll([PurgeAsync(stopping), .. _pumps.Values.Select(pump => pump.RunAsync(stopping))]);
    }

    /// <summary>Closes the way out. To be called when <see cref="RunAsync"/> has ended.</summary>
    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
    }

    internal async Task<NotificationOutcome> TellAsync(
        Notification notification, IReadOnlyList<DeliveryPlan> plans, CancellationToken cancellation)
    {
        var outcome = await _around.Store.TellAsync(notification, plans, _around.Clock.GetCurrentInstant(), cancellation);
        foreach (var channel in plans.Select(plan => plan.Address.Channel).Distinct())
        {
            if (_pumps.TryGetValue(channel, out var pump))
                pump.Ring();
        }

        return outcome;
    }

    private async Task PurgeAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(PurgeEvery, _around.Time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await _around.Store.PurgeAsync(_around.Clock.GetCurrentInstant(), stopping);
            }
            catch (StoreException trouble)
            {
                LogTrouble(trouble.Message);
            }
        }
    }

    [LoggerMessage(1411, LogLevel.Information, "{Count} deliveries had no recorded answer; they are tried again under the same names")]
    private partial void LogResumed(int count);

    [LoggerMessage(1412, LogLevel.Warning, "Old notifications were not removed: {Trouble}")]
    private partial void LogTrouble(string trouble);
}
