using System.ComponentModel;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Access.Invitations;
using Busbar.Node.Api;
using Busbar.Node.Api.Describing;
using Busbar.Store.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Busbar.Node.Access;

/// <summary>A household's guests: they look, perhaps switch loads, and never pay or trade.</summary>
internal static class GuestApi
{
    private const int MostPerPremises = 50;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/guests", List).Guard("guests").WithName("guests.list").Produces<Page<GuestView>>();
        api.MapPost("/guests", InviteAsync).Guard("guests").WithName("guests.invite").Produces<GuestView>()
            .Refuses("NotYourPremises", "TooManyGuests", "Full");
        api.MapDelete("/guests/{id}", RemoveAsync).Guard("guests").WithName("guests.remove").Produces(StatusCodes.Status204NoContent)
            .Refuses("NotFound");
    }

    [Description("The guests of the household's premises, whoever of it invited them.")]
    private static IResult List(AccessDesk desk, RequestAccess access) =>
        Results.Ok(new Page<GuestView>([.. Of(desk, access).Select(guest => GuestView.Of(guest))], Next: null));

    [Description("Invites a guest; the code is in this answer and nowhere else.")]
    private static async Task<IResult> InviteAsync(
        AccessDesk desk, RequestAccess access, Body<GuestForm> body, HttpContext context, CancellationToken cancellation)
    {
        var form = body.Form;
        var premises = new PremisesId(Hash256.Parse(form.Premises));
        if (!access.Caller.Held.Contains(premises) || access.Caller.Address is not { } maker)
            return AccessRefused.NotYourPremises();
        if (form.UntilOf() <= desk.Clock.GetCurrentInstant())
            return AccessRefused.InvalidField("until", "must not have passed");
        if (Of(desk, access).Count(guest => guest.Premises == premises) >= MostPerPremises)
            return AccessRefused.TooManyGuests(MostPerPremises);
        var draft = new InvitationDraft(InvitationKind.Guest, form.Name!)
        {
            Maker = access.Caller.Account,
            MakerAddress = maker,
            Premises = premises,
            CanSwitch = form.CanSwitch,
            Until = form.UntilOf(),
        };
        var made = await desk.Invitations.MakeAsync(draft, [], cancellation);
        if (!made.IsGiven)
            return made.Refused;
        context.Response.Headers.CacheControl = "no-store";
        desk.Log.LogInvited(made.Value.Invitation.Id, "Guest", access.Caller.Account!);
        return Results.Ok(GuestView.Of(made.Value.Invitation, made.Value.Code));
    }

    [Description("Takes a guest's right back; it ends at once.")]
    private static async Task<IResult> RemoveAsync(AccessDesk desk, RequestAccess access, string id, CancellationToken cancellation)
    {
        if (!Of(desk, access).Any(guest => guest.Id == id))
            return AccessRefused.NotThere("guest");
        await desk.Invitations.RemoveAsync(id, cancellation);
        desk.Log.LogInvitationTakenBack(id, access.Caller.Account!);
        return Results.NoContent();
    }

    private static IEnumerable<Invitation> Of(AccessDesk desk, RequestAccess access) => desk.Invitations.All
        .Where(one => one is { Kind: InvitationKind.Guest, Premises: { } premises } && access.Caller.Held.Contains(premises));
}
