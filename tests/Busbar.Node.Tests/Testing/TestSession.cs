using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Node.Access.Accounts;
using Busbar.Node.Access.Sessions;
using Busbar.Store.Accounts;
using NodaTime;

namespace Busbar.Node.Tests.Testing;

/// <summary>Somebody who is signed in at a test's node, without the work of a password.</summary>
/// <param name="Account">The account's id.</param>
/// <param name="Secret">The cookie's value.</param>
/// <param name="Csrf">What unsafe requests carry.</param>
internal sealed record TestSession(string Account, string Secret, string Csrf)
{
    /// <summary>Makes an account and signs it in.</summary>
    /// <param name="community">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="address">What it acts with on the ledger, which gives it the ledger's roles.</param>
    /// <param name="roles">What the node makes of it.</param>
    public static async Task<TestSession> BeginAsync(TestCommunity community, string name, Address? address, params Role[] roles)
    {
        var desk = community.Node.Parts.Access!;
        var account = new Account(AccountId.New(), name, AccountKind.Wallet, Instant.FromUtc(2026, 1, 1, 0, 0)) { Address = address, NodeRoles = [.. roles] };
        Assert.True((await desk.Accounts.AddAsync(new(account, AccountName.Key(name)), default)).IsGiven);
        return await AgainAsync(community, account.Id);
    }

    /// <summary>A further session of an account.</summary>
    public static async Task<TestSession> AgainAsync(TestCommunity community, string account)
    {
        var (_, secret) = await community.Node.Parts.Access!.Sessions.BeginAsync(account, before: null, default);
        return new(account, secret, Session.CsrfOf(secret));
    }

    /// <summary>A client that is signed in with it.</summary>
    public HttpClient Client(TestCommunity community)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(community.Node.Page, "/api/v1/"), Timeout = TestConnection.Patience };
        client.DefaultRequestHeaders.Add("Cookie", $"busbar-session={Secret}");
        client.DefaultRequestHeaders.Add("X-Busbar-Csrf", Csrf);
        return client;
    }
}
