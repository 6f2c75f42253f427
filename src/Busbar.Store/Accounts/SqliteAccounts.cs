using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Store.Sqlite;
using Busbar.Store.Writing;
using NodaTime;

namespace Busbar.Store.Accounts;

/// <summary>Accounts on SQLite.</summary>
internal sealed class SqliteAccounts(StoreWriter writer, ReaderPool readers) : IAccountStore
{
    public Task<IReadOnlyList<Account>> AllAsync(CancellationToken cancellation) => readers.ReadAsync<IReadOnlyList<Account>>(
        session =>
        {
            using var rows = session.Prepare(
                "SELECT id, name, kind, address, keystore IS NOT NULL, settings, roles, created FROM account ORDER BY created, id");
            var all = new List<Account>();
            while (rows.Step())
                all.Add(Read(rows));
            return all;
        },
        cancellation);

    public Task<AccountAdded> AddAsync(NewAccount account, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(account);
        return writer.DoAsync(transaction => Add(transaction.Session, account), alone: false, cancellation);
    }

    public Task<string?> PasswordHashAsync(string account, CancellationToken cancellation) =>
        TextAsync("SELECT password FROM account WHERE id = ?1", account, cancellation);

    public Task SetPasswordHashAsync(string account, string hash, CancellationToken cancellation) =>
        RunAsync("UPDATE account SET password = ?2 WHERE id = ?1", account, hash, cancellation);

    public Task<string?> KeystoreAsync(string account, CancellationToken cancellation) =>
        TextAsync("SELECT keystore FROM account WHERE id = ?1", account, cancellation);

    public Task<bool> SetKeystoreAsync(string account, Address address, string keystore, CancellationToken cancellation) => writer.DoAsync(
        transaction =>
        {
            if (Holder(transaction.Session, address) is { } holder && holder != account)
                return false;
            transaction.Session.Prepare("UPDATE account SET address = ?2, keystore = ?3 WHERE id = ?1")
                .Bind(1, account).Bind(2, address).Bind(3, keystore).Run();
            return true;
        },
        alone: false,
        cancellation);

    public Task SetSettingsAsync(string account, string settings, CancellationToken cancellation) =>
        RunAsync("UPDATE account SET settings = ?2 WHERE id = ?1", account, settings, cancellation);

    public Task SetNodeRolesAsync(string account, IReadOnlyCollection<Role> roles, CancellationToken cancellation) =>
        RunAsync("UPDATE account SET roles = ?2 WHERE id = ?1", account, AccountRows.Text(roles), cancellation);

    public Task<IReadOnlyList<Passkey>> PasskeysAsync(string account, CancellationToken cancellation) =>
        readers.ReadAsync<IReadOnlyList<Passkey>>(
            session => PasskeyRows.All(session.Prepare($"{PasskeyRows.Select} WHERE account = ?1 ORDER BY created, id").Bind(1, account)),
            cancellation);

    public Task<Passkey?> PasskeyAsync(ReadOnlyMemory<byte> id, CancellationToken cancellation) => readers.ReadAsync(
        session => PasskeyRows.All(session.Prepare($"{PasskeyRows.Select} WHERE id = ?1").Bind(1, id.Span)).FirstOrDefault(), cancellation);

    public Task SavePasskeyAsync(Passkey passkey, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(passkey);
        return writer.DoAsync(transaction => PasskeyRows.Save(transaction.Session, passkey), alone: false, cancellation);
    }

    public Task<bool> RemovePasskeyAsync(string account, ReadOnlyMemory<byte> id, CancellationToken cancellation) => writer.DoAsync(
        transaction =>
        {
            transaction.Session.Prepare("DELETE FROM passkey WHERE account = ?1 AND id = ?2").Bind(1, account).Bind(2, id.Span).Run();
            return transaction.Session.Changes > 0;
        },
        alone: false,
        cancellation);

    private static AccountAdded Add(SqliteSession session, NewAccount added)
    {
        var account = added.Account;
        using (var named = session.Prepare("SELECT 1 FROM account WHERE name_key = ?1").Bind(1, added.NameKey))
        {
            if (named.Step())
                return AccountAdded.NameTaken;
        }

        if (account.Address is { } address && Holder(session, address) is not null)
            return AccountAdded.AddressTaken;
        if (added.Invitation is { } invitation && !InvitationRows.IsOpen(session, invitation))
            return AccountAdded.InvitationGone;
        var insert = session.Prepare(
            """
            INSERT INTO account (id, name, name_key, kind, password, address, keystore, settings, roles, created)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """);
        _ = account.Address is { } own ? insert.Bind(6, own) : insert.BindNull(6);
        insert.Bind(1, account.Id).Bind(2, account.Name).Bind(3, added.NameKey).Bind(4, account.Kind.ToString())
            .Bind(5, added.PasswordHash).Bind(7, added.Keystore).Bind(8, account.Settings)
            .Bind(9, AccountRows.Text(account.NodeRoles)).Bind(10, account.Created.ToUnixTimeMilliseconds()).Run();
        if (added.Invitation is { } used)
            InvitationRows.Use(session, used, account.Id, account.Created);
        return AccountAdded.Added;
    }

    private static string? Holder(SqliteSession session, Address address)
    {
        using var rows = session.Prepare("SELECT id FROM account WHERE address = ?1").Bind(1, address);
        return rows.Step() ? rows.Text(0) : null;
    }

    private static Account Read(Statement rows) =>
        new(rows.Text(0), rows.Text(1), AccountRows.Parse<AccountKind>(rows.Text(2)), Instant.FromUnixTimeMilliseconds(rows.Int64(7)))
        {
            Address = rows.IsNull(3) ? null : rows.Address(3),
            HasKeystore = rows.Int64(4) != 0,
            Settings = rows.IsNull(5) ? null : rows.Text(5),
            NodeRoles = AccountRows.Roles(rows.Text(6)),
        };

    private Task<string?> TextAsync(string sql, string account, CancellationToken cancellation) => readers.ReadAsync(
        session =>
        {
            using var rows = session.Prepare(sql).Bind(1, account);
            return rows.Step() && !rows.IsNull(0) ? rows.Text(0) : null;
        },
        cancellation);

    private Task RunAsync(string sql, string account, string value, CancellationToken cancellation) => writer.DoAsync(
        transaction =>
        {
            transaction.Session.Prepare(sql).Bind(1, account).Bind(2, value).Run();
            return true;
        },
        alone: false,
        cancellation);
}
