using System.Collections.Frozen;
using Busbar.Domain.Access;
using Busbar.Domain.Metering;
using Busbar.Ledger.Journal;
using Busbar.Node.Access.Accounts;
using Busbar.Node.Access.Invitations;
using Busbar.Node.Access.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Access;

/// <summary>
/// Makes the caller of a request from its cookie: account, node's roles, the ledger's word on its address, and what households let it see.
/// Everything is asked anew at each request and answered from memory.
/// </summary>
internal sealed class CallerSource(
    AccountBook accounts, SessionBook sessions, InvitationBook invitations, ILedgerRoles ledger, IClock clock, ILogger log) : ICallerSource
{
    public async ValueTask<(Caller Caller, SessionHandle? Session)> OfAsync(HttpContext context, CancellationToken cancellation)
    {
        if (SessionCookie.Read(context.Request) is not { } secret
            || sessions.Find(secret) is not { } session
            || accounts.Find(session.Account) is not { } account)
        {
            return (Caller.Nobody, null);
        }

        try
        {
            await sessions.UseAsync(session, cancellation);
        }
        catch (StoreException exception)
        {
            // A disk that is full must not keep people out; the session only seems less used than it is.
            log.LogUseNotWritten(exception);
        }

        return (CallerOf(account), new(session.Id, Session.CsrfOf(secret)));
    }

    public Caller CallerOf(Store.Accounts.Account account)
    {
        var now = clock.GetCurrentInstant();
        var standing = account.Address is { } address ? ledger.RolesOf(address, now) : LedgerStanding.None;
        var seen = invitations.GuestOf(account.Id).Where(guest => IsGood(guest, now)).ToList();
        return new()
        {
            Account = account.Id,
            Address = account.Address,
            Roles =
            [
                Role.Anyone, Role.Account, .. account.NodeRoles, .. standing.Roles, .. seen.Count > 0 ? [Role.Guest] : Array.Empty<Role>(),
            ],
            Held = standing.Premises,
            Premises = Union(standing.Premises, seen),
            Switchable = Union(standing.Premises, seen.Where(guest => guest.CanSwitch)),
        };
    }

    /// <summary>A guest's right ends with its time, and when who gave it no longer holds the premises.</summary>
    private bool IsGood(Store.Accounts.Invitation guest, Instant now) =>
        !(guest.Until <= now)
        && guest is { Premises: { } premises, MakerAddress: { } maker }
        && ledger.RolesOf(maker, now).Premises.Contains(premises);

    private static FrozenSet<PremisesId> Union(FrozenSet<PremisesId> held, IEnumerable<Store.Accounts.Invitation> guests) =>
        [.. held, .. guests.Select(guest => guest.Premises!.Value)];
}
