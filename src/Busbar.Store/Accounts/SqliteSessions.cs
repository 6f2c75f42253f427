using Busbar.Store.Sqlite;
using Busbar.Store.Writing;
using NodaTime;

namespace Busbar.Store.Accounts;

/// <summary>Sessions on SQLite.</summary>
internal sealed class SqliteSessions(StoreWriter writer, ReaderPool readers) : ISessionStore
{
    public Task<IReadOnlyList<StoredSession>> AllAsync(CancellationToken cancellation) => readers.ReadAsync<IReadOnlyList<StoredSession>>(
        session =>
        {
            using var rows = session.Prepare("SELECT id, hash, account, created, last_used FROM session");
            var all = new List<StoredSession>();
            while (rows.Step())
            {
                all.Add(new(
                    rows.Text(0),
                    rows.Hash(1),
                    rows.Text(2),
                    Instant.FromUnixTimeMilliseconds(rows.Int64(3)),
                    Instant.FromUnixTimeMilliseconds(rows.Int64(4))));
            }

            return all;
        },
        cancellation);

    public Task AddAsync(StoredSession session, IReadOnlyCollection<string> removed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        return writer.DoAsync(
            transaction =>
            {
                transaction.Session.Prepare("INSERT INTO session (id, hash, account, created, last_used) VALUES (?1, ?2, ?3, ?4, ?5)")
                    .Bind(1, session.Id).Bind(2, session.SecretHash).Bind(3, session.Account)
                    .Bind(4, session.Created.ToUnixTimeMilliseconds()).Bind(5, session.LastUsed.ToUnixTimeMilliseconds()).Run();
                return Remove(transaction, removed);
            },
            alone: false,
            cancellation);
    }

    public Task TouchAsync(string session, Instant lastUsed, CancellationToken cancellation) => writer.DoAsync(
        transaction =>
        {
            transaction.Session.Prepare("UPDATE session SET last_used = ?2 WHERE id = ?1")
                .Bind(1, session).Bind(2, lastUsed.ToUnixTimeMilliseconds()).Run();
            return true;
        },
        alone: false,
        cancellation);

    public Task RemoveAsync(IReadOnlyCollection<string> sessions, CancellationToken cancellation) =>
        writer.DoAsync(transaction => Remove(transaction, sessions), alone: false, cancellation);

    private static bool Remove(WriteTransaction transaction, IReadOnlyCollection<string> sessions)
    {
        foreach (var session in sessions)
            transaction.Session.Prepare("DELETE FROM session WHERE id = ?1").Bind(1, session).Run();
        return true;
    }
}
