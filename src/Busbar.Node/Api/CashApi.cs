using System.ComponentModel;
using System.Globalization;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Node.Access;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Api.Describing;
using Busbar.Node.Cash;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Busbar.Node.Api;

/// <summary>The cash desk: the book, and booking.</summary>
internal static class CashApi
{
    /// <summary>What the table is, for the API's description.</summary>
    public static readonly Streamed Form = new(
        "text/csv", "A line for each entry, newest first; times of the community's zone (RFC 4180).", CashCsv.Example);

    public static Results<Ok<CashBookDocument>, ProblemHttpResult> Read(NodeParts parts, string? cursor, int? limit)
    {
        if (parts.Cash is not { } desk)
            return NoMoney();
        if (cursor is not null && !Hash256.TryParse(cursor, out _))
            return Problems.BadRequest("cursor is the next of the page before");
        var lines = desk.Lines();
        var from = 0;
        if (cursor is not null)
        {
            var last = Hash256.Parse(cursor);
            from = lines.TakeWhile(line => line.Reference != last).Count() + 1;
        }

        var some = lines.Skip(from).Take(PageLimit.Of(limit)).ToList();
        var ledger = parts.Ledger!.Money.Vault.Cash;
        return TypedResults.Ok(new CashBookDocument(
            BillingApi.Wei(Sum(ledger.Where(entry => !entry.Amount.IsNegative).Select(entry => entry.Amount))),
            BillingApi.Wei(-Sum(ledger.Where(entry => entry.Amount.IsNegative).Select(entry => entry.Amount))),
            desk.Treasurer.ToString(),
            [.. desk.Audit().Select(fault => $"{fault.What}: {fault.Detail}")],
            [.. some.Select(line => Row(parts, line))],
            from + some.Count < lines.Count ? some[^1].Reference.ToString() : null));
    }

    public static Results<ContentHttpResult, ProblemHttpResult> Csv(NodeParts parts, NodeOptions options, HttpContext context)
    {
        if (parts.Cash is not { } desk)
            return NoMoney();
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        CashCsv.Write(text, desk.Lines().Select(line => Row(parts, line)), options.Community.Zone);
        context.Response.Headers.ContentDisposition = "attachment; filename=\"cash-book.csv\"";
        return TypedResults.Content(text.ToString(), "text/csv", Encoding.UTF8);
    }

    public static async Task<Results<Created<CashRow>, ProblemHttpResult>> BookAsync(
        NodeParts parts, AccessDesk accounts, RequestAccess access, Body<CashForm> body, CancellationToken cancellation)
    {
        if (parts.Cash is not { } desk)
            return NoMoney();
        var by = access.Caller.Account is { } account ? accounts.Accounts.Find(account)?.Name ?? account : "";
        return await desk.BookAsync(body.Form.ToDraft(by), cancellation) switch
        {
            CashOutcome.Booked booked => TypedResults.Created((string?)null, Row(parts, booked.Line)),
            CashOutcome.NumberTaken taken => Refuse("NumberTaken", Taken(taken.Line)),
            CashOutcome.NoHolder => Refuse("NoHolder", "nobody holds these premises on the ledger, so there is no balance to credit; nothing was booked"),
            CashOutcome.LedgerRefused refused => Refuse("LedgerRefused", $"the ledger does not take it, and nothing was booked: {refused.Reason}"),
            var other => throw new InvalidOperationException($"unknown outcome {other}"),
        };
    }

    private static string Taken(CashLine line) =>
        $"{line.Slip!.Means} {line.Slip.Number} is in the book already: {line.Slip.Amount} coins at {Forms.Text(line.Slip.At)}; nothing was booked";

    private static CashRow Row(NodeParts parts, CashLine line)
    {
        var (slip, entry) = (line.Slip, line.Entry);
        var isReceived = slip is not null ? slip.Direction == CashDirection.Received : !entry!.Amount.IsNegative;
        var amount = slip?.Amount ?? (isReceived ? entry!.Amount : -entry!.Amount);
        return new(
            line.Reference.ToString(),
            isReceived ? "received" : "paidOut",
            slip?.Means.ToString().ToLowerInvariant(),
            slip?.Number,
            slip?.Premises.ToString(),
            slip is null ? "" : parts.Houses!.NameOf(slip.Premises) ?? "",
            (slip?.Account ?? entry!.Account).ToString(),
            BillingApi.Wei(amount),
            slip?.Use.ToString().ToLowerInvariant(),
            slip?.Note ?? "",
            slip?.By ?? "",
            Forms.Text(slip?.At ?? entry!.Place.Time),
            line.State.ToString().ToLowerInvariant(),
            entry is null ? null : BillingApi.Place(entry.Place));
    }

    private static ProblemHttpResult Refuse(string code, string detail) => Problems.Problem(StatusCodes.Status409Conflict, code, detail);

    private static ProblemHttpResult NoMoney() => Problems.NotFound("this community has no money on its ledger");

    private static Coin Sum(IEnumerable<Coin> amounts) => amounts.Aggregate(Coin.Zero, (sum, amount) => sum + amount);
}

/// <summary>The cash book.</summary>
internal sealed record CashBookDocument(
    [property: Description("All that the desk received, by the ledger.")] string ReceivedWei,
    [property: Description("All that it paid out.")] string PaidOutWei,
    [property: Description("The account that books: the node's own.")] string Treasurer,
    [property: Description("Where book and ledger do not agree; empty when they do.")] IReadOnlyList<string> Faults,
    [property: Description("Newest first.")] IReadOnlyList<CashRow> Items,
    [property: Description("Ask again with this as cursor for what follows; null at the end.")] string? Next);

/// <summary>An entry of the cash book.</summary>
internal sealed record CashRow(
    [property: Description("Names it on the ledger: the hash of the entry.")] string Reference,
    [property: OneOf(typeof(CashDirection), Letters.Camel)] string Direction,
    [property: OneOf(typeof(CashMeans), Letters.Camel), Description("Null for an entry that this node does not have.")] string? Means,
    string? Number,
    string? Premises,
    [property: Description("The house's name; empty when the directory has none.")] string Name,
    [property: Description("Whose coin it became, or was.")] string Account,
    string AmountWei,
    [property: OneOf(typeof(CashUse), Letters.Camel)] string? Use,
    string Note,
    [property: Description("Who took it down.")] string By,
    string At,
    [property: OneOf(typeof(CashState), Letters.Camel), Description("Only what is booked counts.")] string State,
    [property: Description("Where it stands on the ledger; null while it does not.")] PlaceDocument? Place);
