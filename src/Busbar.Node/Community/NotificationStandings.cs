using Busbar.Domain.Access;
using Busbar.Domain.Notifications;
using Busbar.Ledger.Indexing;
using Busbar.Node.Access;
using Busbar.Node.Notifications;

namespace Busbar.Node.Community;

/// <summary>Who is who for notifications: the node's accounts with what they are on the ledger.</summary>
internal sealed class NotificationStandings(AccessDesk desk, HouseDirectory houses, MetersView meters) : INotificationDirectory
{
    public Task<IReadOnlyList<NotificationStanding>> StandingsAsync(Notification notification, CancellationToken cancellation)
    {
        var microgrids = houses.All().ToLookup(house => house.Premises, house => house.Microgrid);
        return Task.FromResult<IReadOnlyList<NotificationStanding>>(
        [
            .. desk.Accounts.All.Select(account => desk.Callers.CallerOf(account)).Select(caller => new NotificationStanding(new(caller.Account!))
            {
                Participant = caller.Address,
                Premises = caller.Held,
                Microgrids = [.. caller.Held.SelectMany(premises => microgrids[premises]).Distinct()],
                Firmware = caller.Address is { } address ? [.. meters.Of(address).Select(meter => meter.Firmware).Distinct()] : [],
                GuestOf = [.. caller.Premises.Where(premises => !caller.Held.Contains(premises))],
                IsOperator = caller.Is(Role.Operator),
                IsRegulator = caller.Is(Role.Regulator) || caller.Is(Role.Owner),
            }),
        ]);
    }
}
