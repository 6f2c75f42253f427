using System.ComponentModel;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Node.Access.Accounts;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Access.Limits;
using Busbar.Node.Access.Sessions;
using Busbar.Node.Api.Describing;
using Busbar.Store.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Busbar.Node.Access;

/// <summary>A person's own account.</summary>
internal static class AccountApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/accounts", CreateAsync).Guard("account.create").WithName("account.create").Produces<SessionView>()
            .Refuses("TooManyTries", "InvitationUnknown", "NameTaken", "AddressTaken", "WrongProof", "WrongKeystore", "Busy", "Full");
        api.MapPut("/account/password", ChangePasswordAsync).Guard("account.password").WithName("account.password").Produces<SessionView>()
            .Refuses("WrongPassword", "TooManyTries", "Busy");
        api.MapGet("/account/keystore", KeystoreAsync).Guard("account.keystore").WithName("account.keystore.read").Produces<JsonElement>()
            .Refuses("NoKeystore").WithMetadata(new Untagged(), new OwnExample(() => Examples.Keystore));
        api.MapPut("/account/keystore", SetKeystoreAsync).Guard("account.keystore")
            .WithName("account.keystore.write").Produces<AccountView>()
            .Refuses("WrongProof", "WrongKeystore", "AddressTaken");
        api.MapGet("/account/settings", Settings).Guard("account.settings").WithName("account.settings.read").Produces<AccountSettings>();
        api.MapPut("/account/settings", SetSettingsAsync).Guard("account.settings")
            .WithName("account.settings.write").Produces<AccountSettings>();
    }

    /// <summary>Makes an account by its invitation; also the first operator's, by the set-up code.</summary>
    public static async Task<Answer<Account>> MakeAsync(
        AccessDesk desk, NewAccountForm form, HttpContext context, CancellationToken cancellation)
    {
        var client = ClientKey.Of(context);
        if (!desk.NewAccounts.TryTake(client, out var wait))
            return AccessRefused.TooManyTries(wait);
        if (desk.Invitations.FindOpen(form.Invitation) is not { } invitation)
            return AccessRefused.InvitationUnknown();
        if (desk.Accounts.FindByName(form.Name!) is not null)
            return AccessRefused.NameTaken();
        Address? address = form.Address is null ? null : Address.Parse(form.Address);
        if (address is { } named && !desk.Wallets.IsProof(context.Request, named, form.Proof!.Nonce!, form.Proof.Signature!))
            return AccessRefused.WrongProof();
        if (await desk.HashAsync(form.Password!, cancellation) is not { } hash)
            return AccessRefused.Busy();
        var account = new Account(AccountId.New(), form.Name!, AccountKind.Password, desk.Wallets.Now)
        {
            Address = address,
            HasKeystore = form.Keystore is not null,
            NodeRoles = [.. AccessDesk.RolesOf(invitation.Kind)],
        };
        var added = await desk.Accounts.AddAsync(
            new(account, AccountName.Key(account.Name))
            {
                PasswordHash = hash.Text,
                Keystore = form.Keystore?.GetRawText(),
                Invitation = invitation.Id,
            },
            cancellation);
        if (added.IsGiven)
        {
            desk.Invitations.ShowUsed(invitation, account);
            desk.Log.LogAccountMade(account.Id, "password", client);
            desk.Log.LogInvitationUsed(invitation.Id, invitation.Kind.ToString(), account.Id);
        }

        return added;
    }

    [Description("Makes an account by an invitation's one-time code, and signs in with it.")]
    private static async Task<IResult> CreateAsync(
        AccessDesk desk, Body<NewAccountForm> body, HttpContext context, CancellationToken cancellation) =>
        await SignInAnswer.OfAsync(desk, context, await MakeAsync(desk, body.Form, context, cancellation), "invitation", cancellation);

    [Description("Changes the password and ends all other sessions of the account.")]
    private static async Task<IResult> ChangePasswordAsync(
        AccessDesk desk, RequestAccess access, Body<PasswordChangeForm> body, HttpContext context, CancellationToken cancellation)
    {
        var account = Own(desk, access);
        if (await desk.Passwords.ChangeAsync(account, body.Form.Current!, body.Form.Next!, cancellation) is { } refused)
            return refused;
        await desk.Sessions.EndAllAsync(account.Id, cancellation);
        desk.Log.LogPasswordChanged(account.Id);
        return await SignInAnswer.OfAsync(desk, context, account, "password change", cancellation);
    }

    [Description("The account's encrypted key, for its holder's browser to open.")]
    private static async Task<IResult> KeystoreAsync(
        AccessDesk desk, RequestAccess access, HttpContext context, CancellationToken cancellation)
    {
        if (await desk.Store.KeystoreAsync(access.Caller.Account!, cancellation) is not { } keystore)
            return AccessRefused.NoKeystore();
        context.Response.Headers.CacheControl = "no-store";
        return Results.Text(keystore, "application/json");
    }

    [Description("Replaces the account's key.")]
    private static async Task<IResult> SetKeystoreAsync(
        AccessDesk desk, RequestAccess access, Body<KeystoreForm> body, HttpContext context, CancellationToken cancellation)
    {
        var form = body.Form;
        var address = Address.Parse(form.Address);
        // A wallet's account is its address: with another it would be somebody else's.
        if (Own(desk, access) is { Kind: AccountKind.Wallet } wallet && wallet.Address != address)
            return AccessRefused.InvalidField("address", "must be the wallet's own");
        if (!desk.Wallets.IsProof(context.Request, address, form.Proof!.Nonce!, form.Proof.Signature!))
            return AccessRefused.WrongProof();
        var changed = await desk.Accounts.SetKeystoreAsync(
            access.Caller.Account!, address, form.Keystore!.Value.GetRawText(), cancellation);
        if (!changed.IsGiven)
            return changed.Refused;
        desk.Log.LogAccountChanged(changed.Value.Id, "key replaced");
        return Results.Ok(AccountView.Of(changed.Value));
    }

    [Description("What the person chose for the app.")]
    private static IResult Settings(AccessDesk desk, RequestAccess access) => Results.Ok(AccountSettings.Parse(Own(desk, access).Settings));

    [Description("Replaces what the person chose for the app.")]
    private static async Task<IResult> SetSettingsAsync(
        AccessDesk desk, RequestAccess access, Body<AccountSettings> body, CancellationToken cancellation)
    {
        await desk.Accounts.SetSettingsAsync(access.Caller.Account!, body.Form.ToJson(), cancellation);
        return Results.Ok(body.Form);
    }

    /// <summary>The account of a caller who came through the gate.</summary>
    public static Account Own(AccessDesk desk, RequestAccess access) =>
        desk.Accounts.Find(access.Caller.Account!)
        ?? throw new InvalidOperationException("a session without an account came through the gate");
}
