using System.Threading.Channels;
using Busbar.Domain.Community;
using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using Busbar.Domain.Supply;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Journal;
using Busbar.Node.Access;
using Busbar.Node.Live;
using Busbar.Node.Notifications;
using Busbar.Node.Supply;
using Busbar.Store.Accounts;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Community;

/// <summary>
/// Sees what people want to be told of, and has it told: silent meters, refused readings and anchors, guests, and what
/// comes on the ledger.
/// </summary>
internal sealed partial class CommunityWatch(
    NotificationDesk desk, HouseDirectory houses, LiveBoard board, LedgerCauses ledger, Func<CancellationToken, Task> applied,
    CommunityDescription community, AccessDesk access, IClock clock, TimeProvider time, ILogger<CommunityWatch> logger)
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

    /// <summary>A meter that is online does not follow its permit. Never waits.</summary>
    public void NotFollowing(MeterId meter, SupplyPermit permit, SupplyTold told)
    {
        if (houses.Find(meter) is { } house)
        {
            _waiting.Writer.TryWrite(NotificationCauses.RelayNotFollowing(
                meter, house.Name, ScopeOf(house), permit.Sequence, told.Relay?.ToString().ToLowerInvariant() ?? "unknown",
                told.SupplyReason.ToString(), clock.GetCurrentInstant()));
        }
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
    public async Task RunAsync(Indexer indexer, CancellationToken stopping)
    {
        access.Invitations.GuestInvited += Invited;
        try
        {
            await Task.WhenAll(TellAsync(stopping), WatchSilenceAsync(stopping), WatchLedgerAsync(indexer, stopping), TellGuestsAsync(stopping));
        }
        finally
        {
            access.Invitations.GuestInvited -= Invited;
        }
    }

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
            if (change is not ChainChange.BlockAdded added || !desk.IsRecent(added.Block.Time))
                continue;
            await applied(stopping);
            foreach (var record in added.Events)
            {
                foreach (var notification in ledger.Of(record, added.Block.Time))
                    await RaiseAsync(notification, stopping);
            }
        }
    }

    // All that there are: what a stop kept from being told is told now, and the rest is known by its name.
    private async Task TellGuestsAsync(CancellationToken stopping)
    {
        foreach (var guest in access.Invitations.All.Where(one => one.Kind == InvitationKind.Guest).ToList())
            await RaiseAsync(Of(guest), stopping);
    }

    private void Invited(Invitation guest) => _waiting.Writer.TryWrite(Of(guest));

    private Notification Of(Invitation guest)
    {
        var premises = guest.Premises!.Value;
        var host = guest.Maker is { } maker ? access.Accounts.Find(maker)?.Name ?? maker : "";
        // A demonstration's clock is another than the one that invitations go by.
        var at = Instant.Min(guest.Created, clock.GetCurrentInstant());
        return NotificationCauses.GuestInvited(premises, access.Premises.Of(premises).Name, host, guest.Name, guest.Id, at);
    }

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
