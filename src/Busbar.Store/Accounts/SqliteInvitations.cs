using Busbar.Domain.Access;
using Busbar.Store.Sqlite;
using Busbar.Store.Writing;
using NodaTime;

namespace Busbar.Store.Accounts;

/// <summary>Invitations on SQLite.</summary>
internal sealed class SqliteInvitations(StoreWriter writer, ReaderPool readers) : IInvitationStore
{
    public Task<IReadOnlyList<Invitation>> AllAsync(CancellationToken cancellation) => readers.ReadAsync<IReadOnlyList<Invitation>>(
        session =>
        {
            using var rows = session.Prepare($"SELECT {InvitationRows.Columns} FROM invitation ORDER BY created, id");
            var all = new List<Invitation>();
            while (rows.Step())
                all.Add(InvitationRows.Read(rows));
            return all;
        },
        cancellation);

    public Task AddAsync(Invitation invitation, IReadOnlyCollection<string> removed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(invitation);
        return writer.DoAsync(
            transaction =>
            {
                InvitationRows.Insert(transaction.Session, invitation);
                return Remove(transaction, removed);
            },
            alone: false,
            cancellation);
    }

    public Task<bool> UseAsync(
        string invitation, string account, Instant at, IReadOnlyCollection<Role> roles, CancellationToken cancellation) => writer.DoAsync(
            transaction =>
            {
                if (!InvitationRows.IsOpen(transaction.Session, invitation))
                    return false;
                InvitationRows.Use(transaction.Session, invitation, account, at);
                transaction.Session.Prepare("UPDATE account SET roles = ?2 WHERE id = ?1")
                    .Bind(1, account).Bind(2, AccountRows.Text(roles)).Run();
                return true;
            },
            alone: false,
            cancellation);

    public Task RemoveAsync(IReadOnlyCollection<string> invitations, CancellationToken cancellation) =>
        writer.DoAsync(transaction => Remove(transaction, invitations), alone: false, cancellation);

    private static bool Remove(WriteTransaction transaction, IReadOnlyCollection<string> invitations)
    {
        foreach (var invitation in invitations)
            transaction.Session.Prepare("DELETE FROM invitation WHERE id = ?1").Bind(1, invitation).Run();
        return true;
    }
}
