using System.Collections.Concurrent;
using Busbar.Cryptography;
using Busbar.Node.Access.Accounts;
using Busbar.Store.Accounts;
using NodaTime;

namespace Busbar.Node.Access.Sessions;

/// <summary>
/// Who is signed in: in memory, where an ending holds at once, and on disk, so that a restart signs nobody out. Thread safe.
/// </summary>
internal sealed class SessionBook : IDisposable
{
    private static readonly Duration WriteEvery = Duration.FromMinutes(1);

    private readonly ISessionStore _store;
    private readonly AccessOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<Hash256, Session> _sessions = [];

    private SessionBook(ISessionStore store, AccessOptions options, TimeProvider time) =>
        (_store, _options, _time) = (store, options, time);

    private Instant Now => Instant.FromDateTimeOffset(_time.GetUtcNow());

    public static async Task<SessionBook> OpenAsync(
        ISessionStore store, AccessOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var book = new SessionBook(store, options, time);
        var over = new List<string>();
        foreach (var stored in await store.AllAsync(cancellation))
        {
            var session = new Session(stored.Id, stored.SecretHash, stored.Account, stored.Created, stored.LastUsed);
            if (book.IsOver(session))
                over.Add(session.Id);
            else
                book._sessions[session.SecretHash] = session;
        }

        if (over.Count > 0)
            await store.RemoveAsync(over, cancellation);
        return book;
    }

    /// <summary>The session of a cookie's secret; null when there is none or it is over.</summary>
    public Session? Find(string secret) =>
        secret.Length == 43 && _sessions.TryGetValue(AccountId.HashOf(secret), out var session) && !IsOver(session) ? session : null;

    public Instant ExpiryOf(Session session) => Instant.Min(
        session.LastUsed + Duration.FromTimeSpan(_options.SessionIdle), session.Created + Duration.FromTimeSpan(_options.SessionLife));

    public IEnumerable<Session> Of(string account) => _sessions.Values.Where(session => session.Account == account && !IsOver(session));

    /// <summary>When accounts were last seen, as far as sessions that are still kept tell.</summary>
    public IReadOnlyDictionary<string, Instant> LastUses(IReadOnlySet<string> accounts) => _sessions.Values
        .Where(session => accounts.Contains(session.Account))
        .GroupBy(session => session.Account, StringComparer.Ordinal)
        .ToDictionary(own => own.Key, own => own.Max(session => session.LastUsed), StringComparer.Ordinal);

    /// <summary>Begins a session and ends the one that the same browser had before.</summary>
    public async Task<(Session Session, string Secret)> BeginAsync(string account, Session? before, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            var begun = Session.Begin(account, Now);
            var others = _sessions.Values.Where(session => session.Account == account && session != before)
                .OrderByDescending(session => session.LastUsed).Skip(_options.MostSessions - 1).ToList();
            if (before is not null)
                others.Add(before);
            others.AddRange(_sessions.Values.Where(IsOver).Except(others));
            Forget(others);
            await _store.AddAsync(
                new(begun.Session.Id, begun.Session.SecretHash, account, begun.Session.Created, begun.Session.LastUsed),
                [.. others.Select(session => session.Id)],
                cancellation);
            _sessions[begun.Session.SecretHash] = begun.Session;
            return begun;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Notes that a session was used, on disk at most once a minute.</summary>
    public Task UseAsync(Session session, CancellationToken cancellation)
    {
        var now = Now;
        return session.Use(now, WriteEvery) ? _store.TouchAsync(session.Id, now, cancellation) : Task.CompletedTask;
    }

    public Task EndAsync(string id, CancellationToken cancellation) =>
        EndAsync(_sessions.Values.Where(session => session.Id == id), cancellation);

    public Task EndAllAsync(string account, CancellationToken cancellation) =>
        EndAsync(_sessions.Values.Where(session => session.Account == account), cancellation);

    public void Dispose() => _writing.Dispose();

    private async Task EndAsync(IEnumerable<Session> which, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            var sessions = which.ToList();
            // In memory first: even if the disk refuses, nobody goes on with it before the next restart.
            Forget(sessions);
            await _store.RemoveAsync([.. sessions.Select(session => session.Id)], cancellation);
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Forget(IEnumerable<Session> sessions)
    {
        foreach (var session in sessions)
            _sessions.TryRemove(session.SecretHash, out _);
    }

    private bool IsOver(Session session) => ExpiryOf(session) <= Now;
}
