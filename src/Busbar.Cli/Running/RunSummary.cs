using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Busbar.Domain.Metering;
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

    /// <summary>Meters, store and ledger agree to the milliwatt-hour, and nothing waits.</summary>
    public bool Reconciled =>
        Sent == Node.Acknowledged
        && Meters == Node.Store
        && Node.LedgerImport == Meters.Import.MilliwattHours
        && Node.LedgerExport == Meters.Export.MilliwattHours
        && Node.Closed == Node.Anchored
        && Node.Waiting == 0;

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            seed = Seed,
            days = Days,
            readings = new { sent = Sent, acknowledged = Node.Acknowledged, refused = Node.Refused, quarantined = Node.Quarantined },
            energyMwh = Sums(Meters.Import, Node.Store.Import, Node.LedgerImport),
            exportMwh = Sums(Meters.Export, Node.Store.Export, Node.LedgerExport),
            intervals = new { closed = Node.Closed, anchored = Node.Anchored, corrected = Node.Corrected },
            ledger = new
            {
                blocks = Node.Blocks,
                transactions = Node.Transactions,
                gasUsed = Node.GasUsed,
                finalBlockHash = Node.FinalBlockHash.ToString(),
            },
            money = new { deposits = "0", balances = "0", locked = "0", taxes = "0" },
            seconds = Math.Round(Seconds, 3),
            reconciled = Reconciled,
        },
        Form);

    public void Say()
    {
        var kilowattHours = (BigInteger milliwattHours) => ((decimal)milliwattHours / 1_000_000m).ToString("N6", CultureInfo.InvariantCulture) + " kWh";
        Terminal.Say($"""
            readings     {Sent:N0} sent, {Node.Acknowledged:N0} acknowledged, {Node.Refused:N0} refused
            energy       meters {kilowattHours(Meters.Import.MilliwattHours)}, store {kilowattHours(Node.Store.Import.MilliwattHours)}, ledger {kilowattHours(Node.LedgerImport)}
            fed in       meters {kilowattHours(Meters.Export.MilliwattHours)}, store {kilowattHours(Node.Store.Export.MilliwattHours)}, ledger {kilowattHours(Node.LedgerExport)}
            intervals    {Node.Closed:N0} closed, {Node.Anchored:N0} anchored, {Node.Corrected:N0} corrected
            ledger       {Node.Blocks:N0} blocks, {Node.Transactions:N0} transactions, last {Node.FinalBlockHash}
            time         {Seconds:N1} s
            {(Reconciled ? "meters, store and ledger agree to the milliwatt-hour" : "NOT RECONCILED: meters, store and ledger disagree; see the figures above")}
            """);
    }

    private static object Sums(Domain.Quantities.Energy meters, Domain.Quantities.Energy store, BigInteger ledger) => new
    {
        meters = meters.MilliwattHours.ToString(CultureInfo.InvariantCulture),
        store = store.MilliwattHours.ToString(CultureInfo.InvariantCulture),
        ledger = ledger.ToString(CultureInfo.InvariantCulture),
    };
}
