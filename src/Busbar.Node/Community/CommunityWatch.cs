using System.Threading.Channels;
using Busbar.Domain.Community;
using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Journal;
using Busbar.Node.Live;
using Busbar.Node.Notifications;
using Microsoft.Extensions.Logging;
using NodaTime;
using CouncilEvents = Busbar.Ledger.Contracts.Council.Events;
using MembersEvents = Busbar.Ledger.Contracts.Members.Events;

namespace Busbar.Node.Community;

/// <summary>Sees what people want to be told of, and has it told: silent meters, refused readings and anchors, rules and members.</summary>
internal sealed partial class CommunityWatch(
    NotificationDesk desk, HouseDirectory houses, LiveBoard board, ContractAddresses contracts, CommunityDescription community, IClock clock,
    TimeProvider time, ILogger<CommunityWatch> logger)
{
    private const int MostWaiting = 1_000;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly Duration SilentAfter = Duration.FromMinutes(30);

    // A flood of refusals is one trouble: what does not fit is left out, and the same causes come again within the hour.
    private readonly Channel<Notification> _waiting = Channel.CreateBounded<Notification>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>A reading was refused. Never waits.</summary>
    public void Refused(MeterId meter, ReadingRefused refused)
    {
        if (houses.Find(meter) is { } house)
            _waiting.Writer.TryWrite(NotificationCauses.ReadingRefused(meter, house.Name, ScopeOf(house), refused, clock.GetCurrentInstant()));
    }

    /// <summary>An anchor was refused for good. Never waits.</summary>
    public void Refused(AnchorFailure failure)
    {
        var (key, reason) = failure;
        var name = community.Microgrids.FirstOrDefault(microgrid => microgrid.Id == key.Microgrid)?.Name ?? key.Microgrid.ToString();
        _waiting.Writer.TryWrite(
            NotificationCauses.AnchorFailed(key.Microgrid, name, key.Interval.Start, key.Version, reason, clock.GetCurrentInstant()));
    }

    /// <summary>Tells what is found until cancelled.</summary>
    public async Task RunAsync(Indexer indexer, CancellationToken stopping) =>
        await Task.WhenAll(TellAsync(stopping), WatchSilenceAsync(stopping), WatchLedgerAsync(indexer, stopping));

    private async Task TellAsync(CancellationToken stopping)
    {
        await foreach (var notification in _waiting.Reader.ReadAllAsync(stopping))
            await RaiseAsync(notification, stopping);
    }

    private async Task WatchSilenceAsync(CancellationToken stopping)
    {
        var began = clock.GetCurrentInstant();
        var watch = new SilenceWatch(began, SilentAfter);
        foreach (var meter in Watched())
        {
            var told = NotificationCauses.MeterSilent(meter.Meter, meter.Name, meter.Scope, meter.LastReading, began, began);
            if (await desk.WasToldAsync(told.Id, stopping))
                watch.Resume(meter.Meter, meter.LastReading);
        }

        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            foreach (var notification in watch.Look(Watched(), clock.GetCurrentInstant()))
                await RaiseAsync(notification, stopping);
        }
    }

    // From the first block: what was told is known by its place on the ledger, and what is too old is not told.
    private async Task WatchLedgerAsync(Indexer indexer, CancellationToken stopping)
    {
        await foreach (var change in indexer.ChangesAsync(EventPlace.Start, stopping))
        {
            if (change is not ChainChange.BlockAdded added)
                continue;
            foreach (var record in added.Events)
            {
                if (Of(record, added.Block.Time) is { } notification)
                    await RaiseAsync(notification, stopping);
            }
        }
    }

    private Notification? Of(IndexedEvent record, Instant at)
    {
        var log = new Log { Address = record.Contract, Topics = record.Topics, Data = record.Data };
        var place = new LedgerPlace(record.Transaction, record.LogIndex);
        if (record.Contract == contracts.Council)
        {
            if (CouncilEvents.RuleChanged.TryDecode(log, out var rule))
                return NotificationCauses.RuleChanged(ScopeOf(rule.Microgrid), NameWord.Read(rule.Name), rule.Value.ToString(), at, place);
            return null;
        }

        if (record.Contract != contracts.Members)
            return null;
        if (MembersEvents.ParticipantAdmitted.TryDecode(log, out var admitted))
            return Member(MembershipChange.Admitted, admitted.Account, admitted.Role, at, place);
        if (MembersEvents.ParticipantRoleChanged.TryDecode(log, out var changed))
            return Member(MembershipChange.RoleChanged, changed.Account, changed.Role, at, place);
        return MembersEvents.ParticipantRemoved.TryDecode(log, out var removed)
            ? Member(MembershipChange.Removed, removed.Account, 0, at, place)
            : null;
    }

    private static Notification Member(MembershipChange change, Cryptography.Address account, byte role, Instant at, LedgerPlace place) =>
        NotificationCauses.Membership(change, account, account.ToString(), ((ParticipantRole)role).ToString(), at, place);

    private static NotificationScope ScopeOf(uint microgrid) =>
        microgrid == 0 ? new NotificationScope.Community() : new NotificationScope.Microgrid(new(microgrid));

    private static NotificationScope ScopeOf(House house) => house.Premises == default
        ? new NotificationScope.Microgrid(house.Microgrid)
        : new NotificationScope.Premises(house.Premises);

    private IEnumerable<WatchedMeter> Watched() => houses.All().Select(house =>
    {
        var live = board.Of(house.Meter);
        return new WatchedMeter(house.Meter, house.Name, ScopeOf(house), live.Last?.Instant, live.LastSeen);
    });

    private async Task RaiseAsync(Notification notification, CancellationToken cancellation)
    {
        try
        {
            await desk.RaiseAsync(notification, cancellation);
        }
        catch (StoreException trouble) when (trouble.IsTransient)
        {
            // Nobody is told of this one; the node itself tells that its disk is in trouble.
            LogNotTold(trouble.Message);
        }
    }

    [LoggerMessage(1231, LogLevel.Warning, "A notification was not stored: {Trouble}")]
    private partial void LogNotTold(string trouble);
}
