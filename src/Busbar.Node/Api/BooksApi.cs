using System.Globalization;
using System.Text;
using Busbar.Domain.History;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Node.Api.Describing;
using Busbar.Node.Billing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Busbar.Node.Api;

/// <summary>The operator's books over HTTP: as they were drawn up last, and anew.</summary>
internal static class BooksApi
{
    private const int MostFaults = 200;

    private const string Example =
        "month,bills,import (mWh),export (mWh),lost (mWh),billed (wei),paid (wei),block,faults\r\n"
        + "2026-06,12,1440000000,240000000,61000000,8550000000000000000,7837500000000000000,812,0\r\n";

    /// <summary>What the table is, for the API's description.</summary>
    public static readonly Streamed Form = new(
        "text/csv",
        "A line for each month, oldest first, each with the block and the number of faults that all of them have (RFC 4180).",
        Example);

    private static readonly string[] Header = Example[..Example.IndexOf('\r', StringComparison.Ordinal)].Split(',');

    public static Results<Ok<BooksDocument>, ProblemHttpResult> Read(NodeParts parts) =>
        parts.Books is { } desk ? TypedResults.Ok(Document(parts, desk.Standing)) : NoMoney();

    public static Results<Ok<BooksDocument>, ProblemHttpResult> Check(NodeParts parts)
    {
        if (parts.Books is not { } desk)
            return NoMoney();
        desk.Ask();
        return TypedResults.Ok(Document(parts, desk.Standing));
    }

    public static Results<ContentHttpResult, ProblemHttpResult> Csv(NodeParts parts, HttpContext context)
    {
        if (parts.Books is not { } desk)
            return NoMoney();
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        CsvText.WriteLine(text, Header);
        if (desk.Standing.Books is { } books)
        {
            foreach (var month in books.Months.Select(Month))
            {
                CsvText.WriteLine(
                    text,
                    [
                        month.Month,
                        Number(month.Bills),
                        month.ImportMwh,
                        month.ExportMwh,
                        month.LostMwh ?? "",
                        month.BilledWei,
                        month.PaidWei,
                        books.Block.ToString(CultureInfo.InvariantCulture),
                        Number(books.Faults.Count),
                    ]);
            }
        }

        context.Response.Headers.ContentDisposition = "attachment; filename=\"books.csv\"";
        return TypedResults.Content(text.ToString(), "text/csv", Encoding.UTF8);
    }

    internal static BooksDocument Document(NodeParts parts, BooksStanding standing)
    {
        if (standing.Books is not { } books)
            return new(standing.IsRunning, null, null, null, null, 0, [], [], null, standing.Trouble);
        var names = parts.Houses!.All().Where(house => house.Premises != default).ToLookup(house => house.Premises, house => house.Name);
        return new(
            standing.IsRunning,
            Forms.Text(standing.At),
            books.Block,
            Forms.Text(books.Time),
            books.Agree,
            books.Faults.Count,
            [.. books.Faults.Take(MostFaults).Select(fault => Fault(fault, premises => names[premises].FirstOrDefault() ?? ""))],
            [.. books.Months.Select(Month)],
            Totals(books.Totals),
            standing.Trouble);
    }

    private static BooksFaultDocument Fault(BooksFault fault, Func<PremisesId, string> nameOf) => new(
        fault.What,
        fault.Detail,
        fault.Premises?.ToString(),
        fault.Premises is { } premises ? nameOf(premises) : "");

    private static BooksMonthDocument Month(BooksMonth month) => new(
        month.Month.ToString("uuuu-MM", CultureInfo.InvariantCulture),
        month.Bills,
        Mwh(month.Metered),
        Mwh(month.Exported),
        month.Lost is { } lost ? Mwh(lost) : null,
        BillingApi.Wei(month.Billed),
        BillingApi.Wei(month.Paid));

    private static BooksTotalsDocument Totals(BooksTotals totals) => new(
        totals.Accounts,
        totals.Bills,
        totals.Corrections,
        BillingApi.Wei(totals.Billed),
        BillingApi.Wei(totals.Credited),
        BillingApi.Wei(totals.Paid),
        BillingApi.Wei(totals.Arrears),
        BillingApi.Wei(totals.Credit),
        BillingApi.Wei(totals.Balances),
        BillingApi.Wei(totals.Locked),
        BillingApi.Wei(totals.Held),
        BillingApi.Wei(totals.Issued));

    private static string Mwh(Energy energy) => Forms.Number(energy.MilliwattHours);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static ProblemHttpResult NoMoney() => Problems.NotFound("this community has no money on its ledger");
}
