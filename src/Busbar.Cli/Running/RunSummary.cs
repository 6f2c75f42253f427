using System.Globalization;
using System.Text.Json;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Trading;
using Busbar.Node;

namespace Busbar.Cli.Running;

/// <summary>What a run came to: meters, store and ledger beside each other, and whether all that must agree does.</summary>
internal sealed record RunSummary
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required ulong? Seed { get; init; }

    public required double Days { get; init; }

    public required long Sent { get; init; }

    public required NodeTotals Node { get; init; }

    public required EnergySum Meters { get; init; }

    public required double Seconds { get; init; }

    /// <summary>The books at the end; null for a run without money.</summary>
    public Books? Books { get; init; }

    /// <summary>What trade came to; null for a run in which nobody trades.</summary>
    public MarketTotals? Market { get; init; }

    /// <summary>Times that a meter tripped for debt.</summary>
    public int Trips { get; init; }

    /// <summary>Times that one came back.</summary>
    public int Returns { get; init; }

    /// <summary>Meters, store and ledger agree to the milliwatt-hour, the books to the wei, and nothing waits.</summary>
    public bool Reconciled =>
        Sent == Node.Acknowledged
        && Meters == Node.Store
        && Meters == Node.Ledger
        && Node.Closed == Node.Anchored
        && Node.Waiting == 0
        && Books is not { Agree: false }
        && Market is not { Faults.Count: > 0 };

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            seed = Seed,
            days = Days,
            readings = new { sent = Sent, acknowledged = Node.Acknowledged, refused = Node.Refused, quarantined = Node.Quarantined },
            energyMwh = Sums(Meters.Import, Node.Store.Import, Node.Ledger.Import),
            exportMwh = Sums(Meters.Export, Node.Store.Export, Node.Ledger.Export),
            intervals = new { closed = Node.Closed, anchored = Node.Anchored, corrected = Node.Corrected },
            ledger = new
            {
                blocks = Node.Blocks,
                transactions = Node.Transactions,
                gasUsed = Node.GasUsed,
                finalBlockHash = Node.FinalBlockHash.ToString(),
            },
            money = Money(),
            trades = Trades(),
            seconds = Math.Round(Seconds, 3),
            reconciled = Reconciled,
        },
        Form);

    public void Say()
    {
        Terminal.Say($"""
            readings     {Sent:N0} sent, {Node.Acknowledged:N0} acknowledged, {Node.Refused:N0} refused
            energy       meters {Show(Meters.Import)}, store {Show(Node.Store.Import)}, ledger {Show(Node.Ledger.Import)}
            fed in       meters {Show(Meters.Export)}, store {Show(Node.Store.Export)}, ledger {Show(Node.Ledger.Export)}
            intervals    {Node.Closed:N0} closed, {Node.Anchored:N0} anchored, {Node.Corrected:N0} corrected
            ledger       {Node.Blocks:N0} blocks, {Node.Transactions:N0} transactions, last {Node.FinalBlockHash}
            money        {Bills()}
            trade        {Bought()}
            time         {Seconds:N1} s
            {(Reconciled ? "meters, store and ledger agree to the milliwatt-hour" : "NOT RECONCILED: meters, store and ledger disagree; see the figures above")}
            """);
    }

    private string Bills() => Books is not { Totals: var totals }
        ? "nobody is billed"
        : $"{totals.Bills:N0} bills of {totals.Billed}, {totals.Paid} paid, {totals.Arrears} in arrears; "
            + $"{Trips} tripped for debt, {Returns} back; {(Books.Agree ? "the books agree to the wei" : $"{Books.Faults.Count} FAULTS: {Books.Faults[0].What}: {Books.Faults[0].Detail}")}";

    private string Bought() => Market is not { } market
        ? "nobody trades"
        : $"{market.Trades:N0} trades of {Show(market.Bought)}, {Show(market.Delivered)} delivered for {market.PaidShares} and {market.PaidTaxes} tax, "
            + $"{market.Refunded} back; {Show(market.Credited)} stored, {Show(market.Credit)} left"
            + (market.Faults.Count == 0 ? "" : $"; {market.Faults.Count} FAULTS: {market.Faults[0].What}: {market.Faults[0].Detail}");

    private object? Trades() => Market is not { } market ? null : new
    {
        bought = market.Trades,
        draws = market.Draws,
        open = market.Open,
        disputed = market.Disputed,
        expired = market.Expired,
        boughtMwh = Text(market.Bought),
        deliveredMwh = Text(market.Delivered),
        drawnMwh = Text(market.Drawn),
        paid = Wei(market.PaidShares),
        taxes = Wei(market.PaidTaxes),
        refunded = Wei(market.Refunded),
        locked = Wei(market.Locked),
        depositedMwh = Text(market.Deposited),
        creditedMwh = Text(market.Credited),
        creditMwh = Text(market.Credit),
        committedMwh = Text(market.Committed),
        faults = market.Faults.Select(fault => $"{fault.What}: {fault.Detail}"),
    };

    private object Money()
    {
        var totals = Books?.Totals;
        return new
        {
            deposits = Wei(totals?.Held),
            balances = Wei(totals?.Balances),
            locked = Wei(totals?.Locked),
            taxes = Wei(Market?.PaidTaxes),
            bills = totals?.Bills ?? 0,
            billed = Wei(totals?.Billed),
            paid = Wei(totals?.Paid),
            arrears = Wei(totals?.Arrears),
            credit = Wei(totals?.Credit),
            permitsWithdrawn = Trips,
            permitsReturned = Returns,
            months = (Books?.Months ?? []).Select(month => new
            {
                month = month.Month.ToString("uuuu-MM", CultureInfo.InvariantCulture),
                bills = month.Bills,
                importMwh = Text(month.Metered),
                exportMwh = Text(month.Exported),
                billed = Wei(month.Billed),
                paid = Wei(month.Paid),
            }),
            faults = (Books?.Faults ?? []).Select(fault => $"{fault.What}: {fault.Detail}"),
        };
    }

    private static string Wei(Coin? amount) => (amount ?? Coin.Zero).Wei.ToString(CultureInfo.InvariantCulture);

    private static string Show(Energy energy) => energy.KilowattHours.ToString("N6", CultureInfo.InvariantCulture) + " kWh";

    private static object Sums(Energy meters, Energy store, Energy ledger) => new
    {
        meters = Text(meters),
        store = Text(store),
        ledger = Text(ledger),
    };

    private static string Text(Energy energy) => energy.MilliwattHours.ToString(CultureInfo.InvariantCulture);
}
