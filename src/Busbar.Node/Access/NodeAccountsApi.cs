using System.ComponentModel;
using Busbar.Node.Access.Accounts;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Api;
using Busbar.Node.Api.Describing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;

namespace Busbar.Node.Access;

/// <summary>All accounts of the node, for those who answer for it.</summary>
internal static class NodeAccountsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/accounts", List).Guard("accounts.list").WithName("accounts.list").Produces<Page<NodeAccountView>>()
            .Refuses("InvalidField");
        api.MapPut("/accounts/{id}/roles", SetRolesAsync).Guard("accounts.roles").WithName("accounts.roles").Produces<NodeAccountView>()
            .Refuses("NotFound", "LastOperator", "OwnRoles");
    }

    [Description("The accounts of this node, newest first, with what the node has made of them.")]
    private static IResult List(AccessDesk desk, string? cursor, int? limit)
    {
        var all = desk.Accounts.All.OrderByDescending(account => account.Created).ThenBy(account => account.Id, StringComparer.Ordinal).ToList();
        // No account ever goes, so what a page ended with is there at the next one.
        var last = cursor is null ? -1 : all.FindIndex(account => account.Id == cursor);
        if (cursor is not null && last < 0)
            return AccessRefused.InvalidField("cursor", "must be one that this list gave");
        var part = all.Skip(last + 1).Take(PageLimit.Of(limit)).ToList();
        var seen = desk.Sessions.LastUses(part.Select(account => account.Id).ToHashSet(StringComparer.Ordinal));
        return Results.Ok(new Page<NodeAccountView>(
            [.. part.Select(account => NodeAccountView.Of(account, SeenOf(seen, account.Id)))],
            last + 1 + part.Count < all.Count ? part[^1].Id : null));
    }

    [Description("Replaces what the node makes an account: operator, auditor, both or neither.")]
    private static async Task<IResult> SetRolesAsync(
        AccessDesk desk, RequestAccess access, string id, Body<NodeRolesForm> body, CancellationToken cancellation)
    {
        var changed = await desk.Accounts.SetNodeRolesAsync(id, body.Form.RolesOf(), access.Caller.Account, cancellation);
        if (!changed.IsGiven)
            return changed.Refused;
        var view = NodeAccountView.Of(changed.Value, SeenOf(desk.Sessions.LastUses(new HashSet<string>(StringComparer.Ordinal) { id }), id));
        desk.Log.LogRolesChanged(id, string.Join(' ', view.Roles), access.Caller.Account!);
        return Results.Ok(view);
    }

    private static Instant? SeenOf(IReadOnlyDictionary<string, Instant> seen, string account) =>
        seen.TryGetValue(account, out var at) ? at : null;
}
