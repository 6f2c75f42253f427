using System.ComponentModel;
using Busbar.Domain.Access;
using Busbar.Node.Access.Sessions;
using Busbar.Node.Api.Describing;
using Busbar.Store.Accounts;
using NodaTime;

namespace Busbar.Node.Access.Accounts;

/// <summary>An account as those who answer for the node see it; nothing of it is a secret.</summary>
internal sealed record NodeAccountView(
    string Id,
    string Name,
    [property: OneOf(typeof(AccountKind), Letters.Lower)] string Kind,
    [property: Description("What it acts with on the ledger; null for an account without a key.")] string? Address,
    [property: OneOf(nameof(Role.Operator), nameof(Role.Auditor))]
    [property: Description("What the node itself has made it; what the ledger says of its address is not among them.")]
    IReadOnlyList<string> Roles,
    [property: Description("When it was made.")] string Created,
    [property: Description("When it was last used, to about a minute; null when no session of it is kept.")] string? LastSeen)
{
    public static NodeAccountView Of(Account account, Instant? lastSeen) => new(
        account.Id,
        account.Name,
        account.Kind.ToString().ToLowerInvariant(),
        account.Address?.ToString(),
        [.. account.NodeRoles.Order().Select(role => role.ToString())],
        SessionView.Text(account.Created),
        lastSeen is { } seen ? SessionView.Text(seen) : null);
}
