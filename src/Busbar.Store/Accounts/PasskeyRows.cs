using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Store.Accounts;

/// <summary>Passkeys as rows.</summary>
internal static class PasskeyRows
{
    public const string Select = "SELECT id, account, name, public_key, counter, transports, flags, created, last_used FROM passkey";

    private const int Eligible = 1;
    private const int BackedUp = 2;

    public static List<Passkey> All(Statement rows)
    {
        using (rows)
        {
            var all = new List<Passkey>();
            while (rows.Step())
                all.Add(Read(rows));
            return all;
        }
    }

    public static bool Save(SqliteSession session, Passkey passkey)
    {
        var flags = (passkey.IsBackupEligible ? Eligible : 0) | (passkey.IsBackedUp ? BackedUp : 0);
        // The id of somebody else's passkey changes nothing of it: the account is part of the condition.
        var save = session.Prepare(
            """
            INSERT INTO passkey (id, account, name, public_key, counter, transports, flags, created, last_used)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT (id) DO UPDATE SET counter = excluded.counter, flags = excluded.flags, last_used = excluded.last_used
            WHERE account = excluded.account
            """);
        _ = passkey.LastUsed is { } used ? save.Bind(9, used.ToUnixTimeMilliseconds()) : save.BindNull(9);
        save.Bind(1, passkey.Id.Span).Bind(2, passkey.Account).Bind(3, passkey.Name).Bind(4, passkey.PublicKey.Span)
            .Bind(5, (long)passkey.Counter).Bind(6, string.Join(',', passkey.Transports)).Bind(7, flags)
            .Bind(8, passkey.Created.ToUnixTimeMilliseconds()).Run();
        return true;
    }

    private static Passkey Read(Statement rows) => new(
        rows.Blob(0).ToArray(),
        rows.Text(1),
        rows.Text(2),
        rows.Blob(3).ToArray(),
        checked((uint)rows.Int64(4)),
        Instant.FromUnixTimeMilliseconds(rows.Int64(7)))
    {
        Transports = rows.Text(5).Split(',', StringSplitOptions.RemoveEmptyEntries),
        IsBackupEligible = (rows.Int32(6) & Eligible) != 0,
        IsBackedUp = (rows.Int32(6) & BackedUp) != 0,
        LastUsed = rows.IsNull(8) ? null : Instant.FromUnixTimeMilliseconds(rows.Int64(8)),
    };
}
