using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Store.Accounts;

/// <summary>Invitations as rows.</summary>
internal static class InvitationRows
{
    public const string Columns =
        "id, hash, kind, name, premises, can_switch, until, maker, maker_address, created, expires, used_by, used_at";

    public static bool IsOpen(SqliteSession session, string invitation)
    {
        using var rows = session.Prepare("SELECT 1 FROM invitation WHERE id = ?1 AND used_by IS NULL").Bind(1, invitation);
        return rows.Step();
    }

    public static void Use(SqliteSession session, string invitation, string account, Instant at) =>
        session.Prepare("UPDATE invitation SET used_by = ?2, used_at = ?3 WHERE id = ?1")
            .Bind(1, invitation).Bind(2, account).Bind(3, at.ToUnixTimeMilliseconds()).Run();

    public static void Insert(SqliteSession session, Invitation added)
    {
        var insert = session.Prepare(
            $"INSERT INTO invitation ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, NULL, NULL)");
        _ = added.Premises is { } premises ? insert.Bind(5, premises.Value) : insert.BindNull(5);
        _ = added.Until is { } until ? insert.Bind(7, until.ToUnixTimeMilliseconds()) : insert.BindNull(7);
        _ = added.MakerAddress is { } address ? insert.Bind(9, address) : insert.BindNull(9);
        insert.Bind(1, added.Id).Bind(2, added.CodeHash).Bind(3, added.Kind.ToString()).Bind(4, added.Name)
            .Bind(6, added.CanSwitch ? 1L : 0L).Bind(8, added.Maker)
            .Bind(10, added.Created.ToUnixTimeMilliseconds()).Bind(11, added.Expires.ToUnixTimeMilliseconds()).Run();
    }

    public static Invitation Read(Statement rows) => new(
        rows.Text(0),
        rows.Hash(1),
        AccountRows.Parse<InvitationKind>(rows.Text(2)),
        rows.Text(3),
        Instant.FromUnixTimeMilliseconds(rows.Int64(9)),
        Instant.FromUnixTimeMilliseconds(rows.Int64(10)))
    {
        Premises = rows.IsNull(4) ? null : new(rows.Hash(4)),
        CanSwitch = rows.Int64(5) != 0,
        Until = rows.IsNull(6) ? null : Instant.FromUnixTimeMilliseconds(rows.Int64(6)),
        Maker = rows.IsNull(7) ? null : rows.Text(7),
        MakerAddress = rows.IsNull(8) ? null : rows.Address(8),
        UsedBy = rows.IsNull(11) ? null : rows.Text(11),
        UsedAt = rows.IsNull(12) ? null : Instant.FromUnixTimeMilliseconds(rows.Int64(12)),
    };
}
