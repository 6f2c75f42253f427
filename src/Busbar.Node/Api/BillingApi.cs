using System.ComponentModel;
using System.Globalization;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Domain.Community;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Node.Access;
using Busbar.Node.Billing;
using Busbar.Node.Api.Describing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>Bills and how they follow from their readings, accounts, tariffs, and who owes.</summary>
internal static class BillingApi
{
    private const string Which = "The id of premises.";
    private const int MostPayments = 100;

    /// <summary>What the table is, for the API's description.</summary>
    public static readonly Streamed Form = new(
        "text/csv",
        "A line for each line of each bill, newest bill first; times of the community's zone (RFC 4180).",
        BillsCsv.Example);

    public static Results<Ok<Page<BillRow>>, ProblemHttpResult> Bills(
        NodeParts parts, NodeOptions options, RequestAccess access, [Description(Which)] string? premises, string? cursor, int? limit)
    {
        if (Find(parts, access, premises) is not { } id)
            return NoPremises();
        var account = parts.Ledger!.Money.Billing.Find(id);
        var before = account?.Bills.Count + 1 ?? 1;
        if (cursor is not null && (!int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before) || before < 1))
            return Problems.BadRequest("cursor is the next of the page before");
        if (account is null)
            return TypedResults.Ok(new Page<BillRow>([], null));
        var forms = FormsOf(parts, options);
        var first = Math.Min(before - 1, account.Bills.Count);
        var last = Math.Max(first - PageLimit.Of(limit) + 1, 1);
        var rows = new List<BillRow>();
        for (var number = first; number >= last; number--)
            rows.Add(forms.Row(account, number));
        return TypedResults.Ok(new Page<BillRow>(rows, last > 1 ? last.ToString(CultureInfo.InvariantCulture) : null));
    }

    public static Results<Ok<BillDocument>, ProblemHttpResult> Bill(
        NodeParts parts, NodeOptions options, RequestAccess access,
        [Description("The bill's number.")] int id,
        [Description(Which)] string? premises,
        [Description("The bill's version; the newest when not told.")] int? version)
    {
        if (Find(parts, access, premises) is not { } found)
            return NoPremises();
        return parts.Ledger!.Money.Billing.Find(found) is { } account && id >= 1 && id <= account.Bills.Count
            && (version ?? 1) >= 1 && (version ?? 1) <= account.Bills[id - 1].Count
            ? TypedResults.Ok(FormsOf(parts, options).Document(account, id, version ?? account.Bills[id - 1].Count))
            : Problems.NotFound("no such bill, or no such version of it");
    }

    public static Results<ContentHttpResult, ProblemHttpResult> Csv(
        NodeParts parts, NodeOptions options, RequestAccess access, HttpContext context, [Description(Which)] string? premises)
    {
        if (Find(parts, access, premises) is not { } id)
            return NoPremises();
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        BillsCsv.Write(text, parts.Ledger!.Money.Billing.Find(id), FormsOf(parts, options), options.Community.Zone);
        context.Response.Headers.ContentDisposition = "attachment; filename=\"bills.csv\"";
        return TypedResults.Content(text.ToString(), "text/csv", Encoding.UTF8);
    }

    public static Results<Ok<AccountDocument>, ProblemHttpResult> Account(
        NodeParts parts, NodeOptions options, RequestAccess access, [Description(Which)] string? premises)
    {
        if (Find(parts, access, premises) is not { } id)
            return NoPremises();
        if (parts.Ledger!.Money.Billing.Find(id) is not { } account)
            return Problems.Problem(
                StatusCodes.Status404NotFound,
                "NoAccount",
                "the ledger has no account of these premises yet; it begins with a tariff and a reading");
        var now = parts.Clock!.GetCurrentInstant();
        var billing = parts.Ledger.Money.Billing;
        var tariff = account.HasEnded ? null : billing.Tariff(account.Latest.Tariff);
        return TypedResults.Ok(new AccountDocument(
            id.ToString(),
            Wei(account.Debt),
            Forms.Text(account.Deadline),
            IsPermitted(parts, account, now),
            account.IsProtected,
            billing.EmergencyUntil(account.Microgrid) is { } until && until > now ? Forms.Text(until) : null,
            account.IsPrepaid
                ? new(Forms.Text(account.PrepaidUntil), Math.Round(Math.Max((account.PrepaidUntil - now).TotalDays, 0), 2))
                : null,
            [.. Trips(account)],
            tariff is null ? null : BillForms.Tariff(tariff),
            Forms.Text(account.Latest.Begun),
            Forms.Text(new BillingPeriods(options.Community.Zone).EndOf(account, tariff?.Tariff)),
            [.. account.Latest.ToWords().Select(word => word.ToString())],
            account.Assigned is { } assigned && billing.Tariff(assigned.Tariff) is { } next
                ? new(BillForms.Tariff(next), Forms.Text(assigned.From))
                : null,
            account.HasEnded,
            [.. account.Payments.Reverse().Take(MostPayments).Select(Payment)],
            Vault(parts, access, id),
            [
                .. Houses(parts, id).Select(house =>
                    new MeterSupplyDocument(house.Meter.ToString(), house.Name, SupplyApi.Document(parts, house))),
            ]));
    }

    public static string Wei(Coin coin) => coin.Wei.ToString(CultureInfo.InvariantCulture);

    public static string Wei(Price price) => price.WeiPerKilowattHour.ToString(CultureInfo.InvariantCulture);

    public static PlaceDocument Place(LedgerPlace place) => new(place.Block, place.Transaction.ToString(), Forms.Text(place.Time));

    private static PaymentDocument Payment(PremisesPayment one) =>
        new(one.Account.ToString(), Wei(one.Amount), Wei(one.DebtAfter), Place(one.Place));

    // As the contract's permitted().
    public static bool IsPermitted(NodeParts parts, PremisesAccount account, Instant now) =>
        account.IsProtected
        || (parts.Ledger!.Money.Billing.EmergencyUntil(account.Microgrid) is { } emergency && now < emergency)
        || account.PaidUntil is not { } until
        || now < until;

    private static IEnumerable<string> Trips(PremisesAccount account)
    {
        if (account.HasSafetyTrip)
            yield return "safety";
        if (account.HasTheftTrip)
            yield return "theft";
    }

    // A guest may look at the bills; what its host has is not theirs to see.
    private static VaultDocument? Vault(NodeParts parts, RequestAccess access, PremisesId premises)
    {
        if (parts.Ledger!.Offices.Members.HolderOf(premises) is not { } holder || parts.Deployment!.Contracts.Money is not { } money
            || (access.Grant != Grant.All && access.Caller.Address != holder))
            return null;
        var vault = parts.Ledger.Money.Vault;
        var balance = vault.Find(holder);
        return new(holder.ToString(), Wei(balance.Free), Wei(balance.Locked), Wei(vault.LockedFor(money.Payments, holder, premises.Value)));
    }

    // The premises of a house or of an account, if the caller may see them; whether there are any is nobody else's business.
    private static PremisesId? Find(NodeParts parts, RequestAccess access, [Description(Which)] string? premises) =>
        Hash256.TryParse(premises, out var id) && id != Hash256.Zero && access.Covers(new(id))
        && (parts.Ledger!.Money.Billing.Find(new(id)) is not null || Houses(parts, new(id)).Any()) ? new(id) : null;

    private static IEnumerable<House> Houses(NodeParts parts, PremisesId premises) =>
        parts.Houses!.All().Where(house => house.Premises == premises);

    private static BillForms FormsOf(NodeParts parts, NodeOptions options) =>
        new(parts.Ledger!.Money.Billing.Tariff, options.Community.Rules.Length, parts.Clock!.GetCurrentInstant());

    private static ProblemHttpResult NoPremises() => Problems.NotFound("no such premises");
}
