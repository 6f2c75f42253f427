using System.Buffers.Text;
using System.ComponentModel;
using System.Text.Json;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Access.Limits;
using Busbar.Node.Access.Passkeys;
using Busbar.Node.Access.Sessions;
using Busbar.Node.Api;
using Busbar.Node.Api.Describing;
using Busbar.Store.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Busbar.Node.Access;

/// <summary>Passkeys: signing in with one, and an account's own.</summary>
internal static class PasskeyApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/session/passkey/options", OptionsAsync).Guard("session.passkeyOptions")
            .WithName("session.passkeyOptions").Produces<JsonElement>().WithMetadata(new OwnExample(() => Examples.RequestOptions))
            .Refuses("TooManyTries");
        api.MapPost("/session/passkey", SignInAsync).Guard("session.passkey").WithName("session.passkey").Produces<SessionView>()
            .Refuses("ChallengeUnknown", "WrongPasskey");
        api.MapGet("/account/passkeys", ListAsync).Guard("account.passkeys")
            .WithName("account.passkeys.list").Produces<Page<PasskeyView>>();
        api.MapPost("/account/passkeys/options", CreationOptionsAsync).Guard("account.passkeys")
            .WithName("account.passkeys.options").Produces<JsonElement>().WithMetadata(new OwnExample(() => Examples.CreationOptions))
            .Refuses("TooManyTries");
        api.MapPost("/account/passkeys", RegisterAsync).Guard("account.passkeys").WithName("account.passkeys.add").Produces<PasskeyView>()
            .Refuses("ChallengeUnknown", "WrongPasskey", "TooManyPasskeys");
        api.MapDelete("/account/passkeys/{id}", RemoveAsync).Guard("account.passkeys").WithName("account.passkeys.remove")
            .Produces(StatusCodes.Status204NoContent)
            .Refuses("PasskeyUnknown", "LastWayIn");
    }

    [Description("What navigator.credentials.get needs (WebAuthn level 3, JSON form).")]
    private static async Task<IResult> OptionsAsync(AccessDesk desk, Body<PasskeyOptionsForm> body, HttpContext context)
    {
        _ = body.Form;
        if (!desk.Beginnings.TryTake(ClientKey.Of(context), out var wait))
            return AccessRefused.TooManyTries(wait);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Text(await desk.Passkeys.RequestOptionsAsync(context), "application/json");
    }

    [Description("Signs in by a passkey.")]
    private static async Task<IResult> SignInAsync(
        AccessDesk desk, Body<PasskeyForm> body, HttpContext context, CancellationToken cancellation) => await SignInAnswer.OfAsync(
            desk, context, await desk.Passkeys.SignInAsync(body.Form.Credential!.Value, context, cancellation), "passkey", cancellation);

    [Description("The account's passkeys.")]
    private static async Task<IResult> ListAsync(AccessDesk desk, RequestAccess access, CancellationToken cancellation)
    {
        var passkeys = await desk.Store.PasskeysAsync(access.Caller.Account!, cancellation);
        return Results.Ok(new Page<PasskeyView>([.. passkeys.Select(PasskeyView.Of)], Next: null));
    }

    [Description("What navigator.credentials.create needs (WebAuthn level 3, JSON form).")]
    private static async Task<IResult> CreationOptionsAsync(AccessDesk desk, RequestAccess access, HttpContext context)
    {
        if (!desk.Beginnings.TryTake(ClientKey.Of(context), out var wait))
            return AccessRefused.TooManyTries(wait);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Text(await desk.Passkeys.CreationOptionsAsync(AccountApi.Own(desk, access), context), "application/json");
    }

    [Description("Registers a passkey that the browser made.")]
    private static async Task<IResult> RegisterAsync(
        AccessDesk desk, RequestAccess access, Body<NewPasskeyForm> body, HttpContext context, CancellationToken cancellation)
    {
        var account = AccountApi.Own(desk, access);
        var made = await desk.Passkeys.RegisterAsync(
            account, body.Form.Name ?? "Passkey", body.Form.Credential!.Value, context, cancellation);
        if (!made.IsGiven)
            return made.Refused;
        desk.Log.LogAccountChanged(account.Id, "passkey added");
        return Results.Ok(PasskeyView.Of(made.Value));
    }

    [Description("Removes a passkey; not the last way in.")]
    private static async Task<IResult> RemoveAsync(AccessDesk desk, RequestAccess access, string id, CancellationToken cancellation)
    {
        var account = AccountApi.Own(desk, access);
        if (id.Length > 1400 || !Base64Url.IsValid(id))
            return AccessRefused.PasskeyUnknown();
        if (account.Kind == AccountKind.Passkey && (await desk.Store.PasskeysAsync(account.Id, cancellation)).Count == 1)
            return AccessRefused.LastWayIn();
        if (!await desk.Store.RemovePasskeyAsync(account.Id, Base64Url.DecodeFromChars(id), cancellation))
            return AccessRefused.PasskeyUnknown();
        desk.Log.LogAccountChanged(account.Id, "passkey removed");
        return Results.NoContent();
    }
}
