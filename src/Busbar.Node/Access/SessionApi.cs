using System.ComponentModel;
using Busbar.Cryptography;
using Busbar.Node.Access.Accounts;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Access.Limits;
using Busbar.Node.Access.Sessions;
using Busbar.Node.Access.Wallets;
using Busbar.Node.Api.Describing;
using Busbar.Store.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Busbar.Node.Access;

/// <summary>Signing in and out.</summary>
internal static class SessionApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/session", Read).Guard("session.read").WithName("session.read").Produces<SessionView>().WithMetadata(new Untagged());
        api.MapPost("/session/nonce", Nonce).Guard("session.nonce").WithName("session.nonce").Produces<NonceView>()
            .Refuses("TooManyTries");
        api.MapPost("/session/wallet", WalletAsync).Guard("session.wallet").WithName("session.wallet").Produces<SessionView>()
            .Refuses(
                "MalformedMessage", "WrongVersion", "WrongDomain", "WrongUri", "WrongChain", "IssuedInFuture",
                "Expired", "NotYetValid", "NonceUnknown", "WrongSignature", "TooManyTries", "Full");
        api.MapPost("/session/password", PasswordAsync).Guard("session.password").WithName("session.password").Produces<SessionView>()
            .Refuses("WrongNameOrPassword", "TooManyTries", "Busy");
        api.MapDelete("/session", EndAsync).Guard("session.end").WithName("session.end").Produces(StatusCodes.Status204NoContent);
        api.MapDelete("/sessions", EndAllAsync).Guard("session.endAll").WithName("session.endAll").Produces(StatusCodes.Status204NoContent);
    }

    [Description("Who the reader is: account, roles, premises, and the token that unsafe requests need.")]
    private static IResult Read(AccessDesk desk, RequestAccess access, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var session = SessionCookie.Read(context.Request) is { } secret ? desk.Sessions.Find(secret) : null;
        return Results.Ok(SessionView.Of(desk, access.Caller, session, access.Session?.Csrf ?? ""));
    }

    [Description("A nonce and all that goes with it into a message of EIP-4361.")]
    private static IResult Nonce(AccessDesk desk, HttpContext context)
    {
        if (!desk.Beginnings.TryTake(ClientKey.Of(context), out var wait))
            return AccessRefused.TooManyTries(wait);
        context.Response.Headers.CacheControl = "no-store";
        var wallets = desk.Wallets;
        var now = wallets.Now;
        var host = context.Request.Host.Value ?? "";
        return Results.Ok(new NonceView(
            wallets.NewNonce(),
            host,
            $"{context.Request.Scheme}://{host}/",
            desk.Options.ChainId,
            SessionView.Text(now),
            SessionView.Text(wallets.ExpiryOf(now)),
            WalletSignIn.Statement,
            WalletSignIn.MessageVersion));
    }

    [Description("Signs in by a wallet's signature over a message of EIP-4361. An address that comes for the first time gets an account.")]
    private static async Task<IResult> WalletAsync(
        AccessDesk desk, Body<WalletForm> body, HttpContext context, CancellationToken cancellation)
    {
        var checkedMessage = desk.Wallets.Check(context.Request, body.Form.Message!, body.Form.Signature!);
        var account = checkedMessage.IsGiven
            ? await AccountOfAsync(desk, checkedMessage.Value.Address, context, cancellation)
            : checkedMessage.Refused;
        return await SignInAnswer.OfAsync(desk, context, account, "wallet", cancellation);
    }

    [Description("Signs in by name and password.")]
    private static async Task<IResult> PasswordAsync(
        AccessDesk desk, Body<PasswordForm> body, HttpContext context, CancellationToken cancellation)
    {
        var account = await desk.Passwords.SignInAsync(body.Form.Name!, body.Form.Password!, ClientKey.Of(context), cancellation);
        return await SignInAnswer.OfAsync(desk, context, account, "password", cancellation);
    }

    [Description("Ends this session.")]
    private static async Task<IResult> EndAsync(AccessDesk desk, RequestAccess access, HttpContext context, CancellationToken cancellation)
    {
        await desk.Sessions.EndAsync(access.Session!.Id, cancellation);
        SessionCookie.Delete(context);
        desk.Log.LogSignedOut(access.Caller.Account!, everywhere: false);
        return Results.NoContent();
    }

    [Description("Ends all sessions of this account, on every device.")]
    private static async Task<IResult> EndAllAsync(
        AccessDesk desk, RequestAccess access, HttpContext context, CancellationToken cancellation)
    {
        await desk.Sessions.EndAllAsync(access.Caller.Account!, cancellation);
        SessionCookie.Delete(context);
        desk.Log.LogSignedOut(access.Caller.Account!, everywhere: true);
        return Results.NoContent();
    }

    private static async Task<Answer<Account>> AccountOfAsync(
        AccessDesk desk, Address address, HttpContext context, CancellationToken cancellation)
    {
        if (desk.Accounts.FindByAddress(address) is { } known)
            return known;
        var client = ClientKey.Of(context);
        if (!desk.NewAccounts.TryTake(client, out var wait))
            return AccessRefused.TooManyTries(wait);
        var made = new Account(AccountId.New(), address.ToString(), AccountKind.Wallet, desk.Wallets.Now) { Address = address };
        var added = await desk.Accounts.AddAsync(new(made, AccountName.Key(made.Name)), cancellation);
        if (added.IsGiven)
            desk.Log.LogAccountMade(made.Id, "wallet", client);
        // Two windows of one wallet may come at once; the second finds the account of the first.
        return !added.IsGiven && desk.Accounts.FindByAddress(address) is { } other ? other : added;
    }
}
