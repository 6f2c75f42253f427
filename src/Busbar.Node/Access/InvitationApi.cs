using System.ComponentModel;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Access.Invitations;
using Busbar.Node.Access.Limits;
using Busbar.Node.Access.Sessions;
using Busbar.Node.Api;
using Busbar.Node.Api.Describing;
using Busbar.Store.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Busbar.Node.Access;

/// <summary>Invitations: made by operators, used by those who come in.</summary>
internal static class InvitationApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/invitations", List).Guard("invitations.read").WithName("invitations.list").Produces<Page<InvitationView>>()
            .Refuses("InvalidField");
        api.MapPost("/invitations", MakeAsync).Guard("invitations.write").WithName("invitations.make").Produces<InvitationView>()
            .Refuses("Full");
        api.MapDelete("/invitations/{id}", RemoveAsync).Guard("invitations.write").WithName("invitations.remove")
            .Produces(StatusCodes.Status204NoContent)
            .Refuses("NotFound", "AlreadyUsed");
        api.MapPost("/invitations/accept", AcceptAsync).Guard("invitations.accept").WithName("invitations.accept").Produces<SessionView>()
            .Refuses("TooManyTries", "InvitationUnknown");
    }

    [Description("All invitations but those of guests, newest first; what a household does is its own business.")]
    private static IResult List(AccessDesk desk, string? cursor, int? limit)
    {
        if (cursor?.Length > 64)
            return AccessRefused.InvalidField("cursor", "must be one that this list gave");
        var size = Math.Clamp(limit ?? 50, 1, 200);
        var all = desk.Invitations.All.Where(one => one.Kind != InvitationKind.Guest).ToList();
        var from = cursor is null ? 0 : all.FindIndex(one => one.Id == cursor) + 1;
        var part = all.Skip(from).Take(size).ToList();
        return Results.Ok(new Page<InvitationView>(
            [.. part.Select(one => InvitationView.Of(desk, one))], from + part.Count < all.Count ? part[^1].Id : null));
    }

    [Description("Makes an invitation; its code is in this answer and nowhere else.")]
    private static async Task<IResult> MakeAsync(
        AccessDesk desk, RequestAccess access, Body<InvitationForm> body, HttpContext context, CancellationToken cancellation)
    {
        var draft = new InvitationDraft(body.Form.KindOf(), body.Form.Name!) { Maker = access.Caller.Account };
        var made = await desk.Invitations.MakeAsync(draft, [], cancellation);
        if (!made.IsGiven)
            return made.Refused;
        context.Response.Headers.CacheControl = "no-store";
        desk.Log.LogInvited(made.Value.Invitation.Id, draft.Kind.ToString(), access.Caller.Account!);
        return Results.Ok(InvitationView.Of(desk, made.Value.Invitation, made.Value.Code));
    }

    [Description("Takes back an invitation that nobody has used.")]
    private static async Task<IResult> RemoveAsync(AccessDesk desk, RequestAccess access, string id, CancellationToken cancellation)
    {
        if (desk.Invitations.Find(id) is not { } found || found.Kind == InvitationKind.Guest)
            return AccessRefused.NotThere("invitation");
        if (found.UsedBy is not null)
            return AccessRefused.AlreadyUsed();
        await desk.Invitations.RemoveAsync(id, cancellation);
        desk.Log.LogInvitationTakenBack(id, access.Caller.Account!);
        return Results.NoContent();
    }

    [Description("Uses an invitation for the account that is signed in: a wallet's account becomes a guest, an auditor or an operator so.")]
    private static async Task<IResult> AcceptAsync(
        AccessDesk desk, RequestAccess access, Body<AcceptForm> body, HttpContext context, CancellationToken cancellation)
    {
        if (!desk.NewAccounts.TryTake(ClientKey.Of(context), out var wait))
            return AccessRefused.TooManyTries(wait);
        var account = AccountApi.Own(desk, access);
        if (desk.Invitations.FindOpen(body.Form.Code) is not { } invitation)
            return AccessRefused.InvitationUnknown();
        if (!await desk.Accounts.AddNodeRolesAsync(
            account.Id,
            AccessDesk.RolesOf(invitation.Kind),
            roles => desk.Invitations.UseAsync(invitation, account.Id, roles, cancellation),
            cancellation))
            return AccessRefused.InvitationUnknown();
        desk.Log.LogInvitationUsed(invitation.Id, invitation.Kind.ToString(), account.Id);
        // A session of more rights has a new secret.
        return await SignInAnswer.OfAsync(desk, context, desk.Accounts.Find(account.Id)!, "invitation", cancellation);
    }
}
