using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Busbar.Cli.Running;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Cli.Commands;

/// <summary><c>busbar verify books</c>: holds all bills, payments and balances of a data folder against its readings and its chain.</summary>
internal static class VerifyBooksCommand
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "the data folder of a stopped node or demonstration", Required = true };
        var zone = new Option<string>("--zone") { Description = "the zone of the months; default UTC", DefaultValueFactory = _ => "UTC" };
        var json = new Option<bool>("--json") { Description = "the books as one JSON object on standard output" };
        zone.Validators.Add(result =>
        {
            if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(result.GetValueOrDefault<string>()) is null)
                result.AddError("--zone is an IANA zone such as Asia/Kolkata");
        });
        var command = new Command("books", "Do bills, readings, payments and balances agree, to the wei and the milliwatt-hour?") { data, zone, json };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(data), DateTimeZoneProviders.Tzdb[parsed.GetRequiredValue(zone)], parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string folder, DateTimeZone zone, bool json, CancellationToken cancellation)
    {
        await using var stopped = await StoppedChain.OpenAsync(folder, cancellation);
        if (stopped.Deployment.Contracts.Money is null)
            throw new CommandFailure($"the community of {folder} has no money on its ledger");
        var sources = new BooksSources(
            stopped.Store.Events,
            stopped.Deployment.Contracts,
            stopped.Deployment.FirstBlock,
            stopped.Chain.Client,
            stopped.Store.Readings,
            zone)
        {
            Slips = stopped.Store.Cash.SlipsAsync,
        };
        var books = await new BooksAudit(sources).RunAsync(cancellation)
            ?? throw new CommandFailure("the index of the folder does not end with its newest block; start the node once, and stop it again");
        if (json)
            Console.Out.WriteLine(ToJson(books));
        else
            Say(books);
        return books.Agree ? 0 : 1;
    }

    private static void Say(Books books)
    {
        foreach (var month in books.Months)
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{month.Month:uuuu-MM}  {month.Bills,5} bills  {month.Metered,18} in  {month.Exported,18} out  {Lost(month),18} lost  {month.Billed,24} billed  {month.Paid,24} paid"));
        }

        var totals = books.Totals;
        Console.Out.WriteLine($"accounts {totals.Accounts}, bills {totals.Bills}, corrections {totals.Corrections}");
        Console.Out.WriteLine($"billed {totals.Billed}, taken off {totals.Credited}, paid {totals.Paid}, arrears {totals.Arrears}, credit {totals.Credit}");
        Console.Out.WriteLine($"vault {totals.Held}: {totals.Balances} free, {totals.Locked} set aside; cash desk {totals.Issued}");
        foreach (var fault in books.Faults)
            Console.Out.WriteLine($"FAULT  {fault.What}: {fault.Detail}");
        Console.Out.WriteLine(books.Agree
            ? "THE BOOKS AGREE, to the wei and the milliwatt-hour"
            : $"THE BOOKS DO NOT AGREE: {books.Faults.Count} faults");
    }

    private static string ToJson(Books books) => JsonSerializer.Serialize(
        new
        {
            agree = books.Agree,
            block = books.Block,
            time = InstantPattern.ExtendedIso.Format(books.Time),
            months = books.Months.Select(month => new
            {
                month = month.Month.ToString("uuuu-MM", CultureInfo.InvariantCulture),
                bills = month.Bills,
                importMwh = Text(month.Metered),
                exportMwh = Text(month.Exported),
                lostMwh = month.Lost is { } lost ? Text(lost) : null,
                billed = Text(month.Billed),
                paid = Text(month.Paid),
            }),
            totals = new
            {
                accounts = books.Totals.Accounts,
                bills = books.Totals.Bills,
                corrections = books.Totals.Corrections,
                billed = Text(books.Totals.Billed),
                credited = Text(books.Totals.Credited),
                paid = Text(books.Totals.Paid),
                arrears = Text(books.Totals.Arrears),
                credit = Text(books.Totals.Credit),
                balances = Text(books.Totals.Balances),
                locked = Text(books.Totals.Locked),
                held = Text(books.Totals.Held),
                issued = Text(books.Totals.Issued),
            },
            faults = books.Faults.Select(fault => new { what = fault.What, detail = fault.Detail }),
        },
        Form);

    private static string Lost(BooksMonth month) => month.Lost?.ToString() ?? "unknown";

    private static string Text(Coin amount) => amount.Wei.ToString(CultureInfo.InvariantCulture);

    private static string Text(Energy energy) => energy.MilliwattHours.ToString(CultureInfo.InvariantCulture);
}
