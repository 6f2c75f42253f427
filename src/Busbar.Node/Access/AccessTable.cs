using System.Collections.Frozen;
using static Busbar.Domain.Access.Grant;

namespace Busbar.Node.Access;

/// <summary>
/// Who may use what: every endpoint has one row here, and one without a row is closed. <c>docs/api.md</c> shows the same table;
/// a test holds the two together and tries every cell on a running node.
/// </summary>
internal static class AccessTable
{
    public static readonly FrozenDictionary<string, AccessRow> Rows = new AccessRow[]
    {
        Public("session.read"),
        Public("session.nonce"),
        Public("session.wallet"),
        Public("session.password"),
        Public("session.passkeyOptions"),
        Public("session.passkey"),
        SignedIn("session.end"),
        SignedIn("session.endAll"),
        Public("account.create"),
        SignedIn("account.password"),
        SignedIn("account.keystore"),
        SignedIn("account.passkeys"),
        SignedIn("account.settings"),
        new("accounts.list") { Auditor = All, Operator = All, Regulator = All, Owner = All },
        new("accounts.roles") { Operator = All },
        Public("community.read"),
        Public("demo.wallets"),
        Public("now.read"),
        Premises("houses.list"),
        Public("live.stream"),
        Premises("meters.readings"),
        Premises("proofs.read"),
        Premises("history.read"),
        Premises("bills.read"),
        Premises("bills.account"),
        new("bills.arrears") { Auditor = All, Operator = All, Regulator = All },
        new("cash.read") { Auditor = All, Operator = All, Regulator = All },
        new("cash.write") { Operator = All },
        new("channels.read") { Household = Own, Auditor = All, Operator = All, Regulator = All },
        Public("market.read"),
        new("arrears.check") { Operator = All, Regulator = All },
        new("books.read") { Auditor = All, Operator = All, Regulator = All },
        new("books.check") { Operator = All },
        Public("tariffs.list"),
        new("tariffs.check") { Operator = All, Regulator = All },
        Premises("devices.list"),
        new("health.read") { Auditor = All, Operator = All },
        new("devices.token") { Operator = All },
        new("devices.change") { Operator = All },
        new("devices.trip") { Operator = All },
        new("directory.read") { Auditor = All, Operator = All, Regulator = All },
        new("directory.write") { Operator = All },
        new("members.list") { Household = Own, Auditor = All, Operator = All, Regulator = All, Owner = All },
        Public("council.read"),
        new("quarantine.list") { Household = Own, Auditor = All, Operator = All },
        Public("explorer.read"),
        Public("anchors.list"),
        Public("anchors.tree"),
        new("guests") { Household = Own },
        new("invitations.read") { Auditor = All, Operator = All, Regulator = All, Owner = All },
        new("invitations.write") { Operator = All },
        SignedIn("invitations.accept"),
        new("load.read") { Authority = All, Auditor = All, Operator = All, Regulator = All },
        new("requests.list") { Household = Own, Authority = All, Auditor = All, Operator = All, Regulator = All },
        SignedIn("notifications"),
        Public("setup.read"),
        Public("setup.start"),
        Public("openapi.read"),
        Public("trust.read"),
        new("device.reading") { Anyone = All, IgnoresSession = true },
        new("device.permit") { Anyone = All, IgnoresSession = true },
        new("channels.voucher") { Anyone = All, IgnoresSession = true },
        new("rpc") { Anyone = All, IgnoresSession = true },
    }.ToFrozenDictionary(row => row.Endpoint, StringComparer.Ordinal);

    private static AccessRow Public(string endpoint) => new(endpoint) { Anyone = All };

    private static AccessRow SignedIn(string endpoint) => new(endpoint) { Account = All };

    // What shows the life of one premises: its own people, and those who answer for all.
    private static AccessRow Premises(string endpoint) =>
        new(endpoint) { Guest = Own, Household = Own, Auditor = All, Operator = All, Regulator = All };
}
