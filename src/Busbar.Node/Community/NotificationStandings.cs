using Busbar.Domain.Access;
using Busbar.Domain.Notifications;
using Busbar.Ledger.Indexing;
using Busbar.Node.Access;
using Busbar.Node.Notifications;

namespace Busbar.Node.Community;

/// <summary>Who is who for notifications: the node's accounts with what they are on the ledger.</summary>
internal sealed class NotificationStandings(AccessDesk desk, HouseDirectory houses, OfficesView offices) : INotificationDirectory
{
    public Task<IReadOnlyList<NotificationStanding>> StandingsAsync(Notification notification, CancellationToken cancellation)
    {
        var scope = notification.Scope;
        var accounts = desk.Accounts.All.AsEnumerable();
        if (scope is NotificationScope.Premises place && notification.Form.Audience == NotificationAudience.Concerned)
        {
            // A month's close tells every household of its own bill: who does not hold the premises need not be looked at closer.
            var holder = offices.Members.HolderOf(place.Id);
            accounts = accounts.Where(account => account.Address is { } address && address == holder);
        }

        var microgrids = scope is NotificationScope.Microgrid ? houses.All().ToLookup(house => house.Premises, house => house.Microgrid) : null;
        return Task.FromResult<IReadOnlyList<NotificationStanding>>(
        [
            .. accounts.Select(account => desk.Callers.CallerOf(account)).Select(caller => new NotificationStanding(new(caller.Account!))
            {
                Participant = caller.Address,
                Premises = caller.Held,
                Microgrids = microgrids is null ? [] : [.. caller.Held.SelectMany(premises => microgrids[premises]).Distinct()],
                Firmware = scope is NotificationScope.Firmware && caller.Address is { } address
                    ? [.. offices.Meters.Of(address).Select(meter => meter.Firmware).Distinct()]
                    : [],
                GuestOf = [.. caller.Premises.Where(premises => !caller.Held.Contains(premises))],
                IsOperator = caller.Is(Role.Operator),
                IsRegulator = caller.Is(Role.Regulator) || caller.Is(Role.Owner),
            }),
        ]);
    }
}
