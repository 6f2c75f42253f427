using Busbar.Domain.Access;
using Busbar.Node.Access.Limits;
using Busbar.Store.Accounts;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Access.Sessions;

/// <summary>Answers a sign-in, whichever way it went: a new session in place of the browser's old one, or the refusal.</summary>
internal static class SignInAnswer
{
    public static async Task<IResult> OfAsync(
        AccessDesk desk, HttpContext context, Answer<Account> answer, string way, CancellationToken cancellation)
    {
        var client = ClientKey.Of(context);
        if (!answer.IsGiven)
        {
            desk.Log.LogSignInRefused(answer.Refused.Code, way, client);
            return answer.Refused;
        }

        var account = answer.Value;
        var before = SessionCookie.Read(context.Request) is { } old ? desk.Sessions.Find(old) : null;
        var (session, secret) = await desk.Sessions.BeginAsync(account.Id, before, cancellation);
        SessionCookie.Write(context, secret, desk.Options.SessionLife);
        context.Response.Headers.CacheControl = "no-store";
        desk.Log.LogSignedIn(account.Id, way, client);
        var caller = desk.Callers.CallerOf(account);
        if (desk.Options.IsDemonstration)
            caller = caller with { Roles = [.. caller.Roles, Role.Auditor] };
        return Results.Ok(SessionView.Of(desk, caller, session, Session.CsrfOf(secret)));
    }
}
