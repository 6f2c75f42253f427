using Busbar.Domain.Access;
using Busbar.Node.Access.Accounts;
using Busbar.Node.Access.Invitations;
using Busbar.Node.Access.Limits;
using Busbar.Node.Access.Passkeys;
using Busbar.Node.Access.Passwords;
using Busbar.Node.Access.Sessions;
using Busbar.Node.Access.Wallets;
using Busbar.Node.Community;
using Busbar.Store.Accounts;
using Busbar.Store.Sqlite;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Access;

/// <summary>Where people come in: accounts, sessions, invitations and the ways to sign in, with the limits on them. Thread safe.</summary>
internal sealed class AccessDesk : IDisposable
{
    private static readonly Duration SetUpLife = Duration.FromDays(1);

    private readonly PasswordHasher _hasher;

    private AccessDesk(
        AccessOptions options, SqliteStore store, AccountBook accounts, SessionBook sessions, InvitationBook invitations,
        ILedgerRoles ledger, IPremisesBook premises, IClock clock, TimeProvider time, ILogger log)
    {
        (Options, Accounts, Sessions, Invitations, Premises, Log) = (options, accounts, sessions, invitations, premises, log);
        (Store, Clock) = (store.Accounts, clock);
        _hasher = new(options.PasswordRounds);
        Passwords = new(accounts, store.Accounts, _hasher, time);
        Wallets = new(options, time);
        Passkeys = new(accounts, store.Accounts, time);
        Callers = new(accounts, sessions, invitations, ledger, clock, log);
        Beginnings = new(time, burst: 60, TimeSpan.FromSeconds(2), capacity: 20_000);
        NewAccounts = new(time, burst: 10, TimeSpan.FromMinutes(6), capacity: 20_000);
    }

    public AccessOptions Options { get; }

    public IAccountStore Store { get; }

    public AccountBook Accounts { get; }

    public SessionBook Sessions { get; }

    public InvitationBook Invitations { get; }

    public IPremisesBook Premises { get; }

    public PasswordSignIn Passwords { get; }

    public WalletSignIn Wallets { get; }

    public PasskeyDesk Passkeys { get; }

    /// <summary>Tells who makes a request; what the gate asks.</summary>
    public CallerSource Callers { get; }

    /// <summary>The community's clock: guests' rights end by it.</summary>
    public IClock Clock { get; }

    /// <summary>How often one client may ask for something to sign.</summary>
    public RateBuckets Beginnings { get; }

    /// <summary>How often one client may make an account.</summary>
    public RateBuckets NewAccounts { get; }

    public ILogger Log { get; }

    /// <summary>Opens what the store holds.</summary>
    /// <param name="store">The node's store.</param>
    /// <param name="options">How accounts and sessions are kept.</param>
    /// <param name="ledger">What the ledger says of addresses.</param>
    /// <param name="premises">What people call their premises.</param>
    /// <param name="clock">The community's clock: the ledger is asked for its instant, and guests' rights end by it.</param>
    /// <param name="time">The machine's clock: sessions, nonces and waits go by it.</param>
    /// <param name="logs">Where it is told who comes in.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<AccessDesk> OpenAsync(
        SqliteStore store, AccessOptions options, ILedgerRoles ledger, IPremisesBook premises, IClock clock, TimeProvider time,
        ILoggerFactory logs, CancellationToken cancellation) => new(
            options,
            store,
            await AccountBook.OpenAsync(store.Accounts, options.MostAccounts, cancellation),
            await SessionBook.OpenAsync(store.Sessions, options, time, cancellation),
            await InvitationBook.OpenAsync(store.Invitations, options, time, cancellation),
            ledger,
            premises,
            clock,
            time,
            logs.CreateLogger<AccessDesk>());

    /// <summary>
    /// A one-time code that makes the first operator, good for a day; null when the node has one. The code before it works no more.
    /// </summary>
    public async Task<string?> SetUpCodeAsync(CancellationToken cancellation)
    {
        if (Accounts.HasOperator)
            return null;
        var before = Invitations.All.Where(one => one is { Kind: InvitationKind.Operator, Maker: null, UsedBy: null })
            .Select(one => one.Id);
        var made = await Invitations.MakeAsync(
            new(InvitationKind.Operator, "set-up") { Life = SetUpLife }, [.. before], cancellation);
        return made.IsGiven ? made.Value.Code : throw new NodeStartException(made.Refused.Detail);
    }

    /// <summary>What the node makes of somebody who comes in by an invitation.</summary>
    public static IReadOnlyList<Role> RolesOf(InvitationKind kind) => kind switch
    {
        InvitationKind.Operator => [Role.Operator],
        InvitationKind.Auditor => [Role.Auditor],
        _ => [],
    };

    /// <summary>The hash of a new password; null when too many wait.</summary>
    public Task<PasswordHash?> HashAsync(string password, CancellationToken cancellation) => _hasher.MakeAsync(password, cancellation);

    public void Dispose()
    {
        _hasher.Dispose();
        Passkeys.Dispose();
        Accounts.Dispose();
        Sessions.Dispose();
        Invitations.Dispose();
    }
}
