using System.ComponentModel;
using Busbar.Domain.Billing;
using Busbar.Node.Api.Describing;

namespace Busbar.Node.Api;

/// <summary>A bill as it is owed now.</summary>
internal sealed record BillRow(
    [property: Description("Counted from 1 for each premises.")] int Number,
    [property: Description("1, and one more with each correction.")] int Version,
    [property: OneOf("open", "overdue", "paid", "credit", "disputed"), Description("How it stands now.")] string State,
    [property: OneOf(typeof(BillFlags), Letters.Camel)] IReadOnlyList<string> Flags,
    [property: Description("The first instant of its period; null for arrears.")] string? Start,
    [property: Description("The first instant after its period; null for arrears.")] string? End,
    [property: Description("What the meters counted in the period; null for arrears.")] string? ImportMwh,
    string? ExportMwh,
    [property: Description("What it comes to now; negative is a credit to the next bill.")] string AmountWei,
    [property: Description("What is still to be paid of it.")] string OutstandingWei,
    [property: Description("When it should be paid; null when it names no day.")] string? Due,
    [property: Description("When it ends the permit unless it is paid or disputed; null when it never does.")] string? Deadline,
    [property: Description("What a coin is called on it; null is the community's own word.")] string? Currency,
    PlaceDocument Place);

/// <summary>Where something stands on the ledger.</summary>
internal sealed record PlaceDocument(ulong Block, string Transaction, string At);

/// <summary>A bill with all that it follows from.</summary>
internal sealed record BillDocument(
    string Premises,
    BillRow Bill,
    [property: Description("The tariff of its period; null for arrears.")] BillTariffDocument? Tariff,
    [property: Description("The reading that the period begins with; null for arrears.")] BillReadingDocument? Opening,
    [property: Description("The reading that the period ends with; null for arrears.")] BillReadingDocument? Closing,
    [property: Description("The energies on the way to what is billed; null when the bill cannot be computed anew.")] BillUseDocument? Use,
    [property: Description("They sum to the total.")] IReadOnlyList<BillLineDocument> Lines,
    [property: Description("What the lines sum to: what the ledger computed for this version.")] string TotalWei,
    [property: Description("What the answer to an objection took off the total.")] string CreditedWei,
    [property: Description("This node computed the bill anew from its two readings, to the same total; false for arrears, which nobody metered.")]
    bool Verified,
    [property: Description("What of it does not follow from its readings; null when all does.")] string? Fault,
    [property: Description("Every version, oldest first.")] IReadOnlyList<BillVersionDocument> Versions);

/// <summary>The tariff of a bill.</summary>
internal sealed record BillTariffDocument(uint Number, string Name, string? Currency);

/// <summary>The registers at an end of a bill's period.</summary>
internal sealed record BillReadingDocument(
    string Meter,
    string Instant,
    string ImportMwh,
    string ExportMwh,
    [property: Description("Nobody signed it.")] bool Estimated,
    [property: Description("What earlier meters counted in the period that begins with it.")] string ImportBeforeMwh,
    string ExportBeforeMwh,
    [property: Description("The interval that ends with it, in Unix seconds: what its proof is asked for by.")] long IntervalStart,
    [property: Description("Where its proof is, on this node.")] string Proof);

/// <summary>The energies of a bill.</summary>
internal sealed record BillUseDocument(
    string ImportMwh,
    string ExportMwh,
    [property: Description("Bought from neighbours: taken off the import.")] string BoughtMwh,
    [property: Description("Sold to neighbours: taken off the export.")] string SoldMwh,
    [property: Description("Energy credit that earlier periods left.")] string CarriedInMwh,
    [property: Description("Energy credit taken off the import.")] string UsedMwh,
    [property: Description("Import less what neighbours and the credit brought.")] string BilledMwh,
    [property: Description("Energy credit that the next period begins with.")] string CarriedOutMwh,
    [property: Description("The period is so much shorter or longer than the tariff's that charges and slabs are prorated.")]
    bool Prorated);

/// <summary>A line of a bill.</summary>
internal sealed record BillLineDocument(
    [property: OneOf(typeof(BillLineKind), Letters.Camel)] string Kind,
    [property: Description("The name of the rate band or tax; empty for the others.")] string Name,
    [property: Description("The energy that it is for; null when it is for none.")] string? EnergyMwh,
    [property: Description("The price of a kilowatt-hour; null when there is none.")] string? PriceWei,
    [property: Description("Of a tax: its part of the charges in basis points; else 0.")] int Share,
    [property: Description("Negative is a credit.")] string AmountWei);

/// <summary>A version of a bill.</summary>
internal sealed record BillVersionDocument(
    int Version, string TotalWei, [property: OneOf(typeof(BillFlags), Letters.Camel)] IReadOnlyList<string> Flags, PlaceDocument Place);

/// <summary>The account of premises.</summary>
internal sealed record AccountDocument(
    string Premises,
    string DebtWei,
    [property: Description("When the permit ends for the oldest bill that is open; null when none can end it.")] string? Deadline,
    [property: Description("Whether it may draw electricity now, as far as money goes.")] bool Permitted,
    [property: Description("Never tripped for debt.")] bool Protected,
    [property: Description("Nobody around is tripped for debt until then; null when no emergency is declared.")] string? EmergencyUntil,
    [property: Description("Null for who pays afterwards.")] PrepaidDocument? Prepaid,
    [property: OneOf("safety", "theft"), Description("Trips on the ledger that paying does not lift.")] IReadOnlyList<string> Trips,
    [property: Description("The tariff of the period that is under way; null when the account has ended.")] BillTariffDocument? Tariff,
    [property: Description("When that period began.")] string PeriodStart,
    [property: Description("When it ends: with the month, or the day of who pays beforehand.")] string PeriodEnd,
    [property: Description("The seven words of where it began, as the contract packs them: whoever changes its tariff brings them.")]
    IReadOnlyList<string> Boundary,
    [property: Description("The tariff that takes over; null when none does.")] AssignedTariffDocument? Assigned,
    bool Ended,
    [property: Description("The newest 100, newest first.")] IReadOnlyList<PaymentDocument> Payments,
    [property: Description("What the holder has in the vault; null when nobody holds the premises, and for guests.")] VaultDocument? Vault,
    [property: Description("How its meters' supply stands.")] IReadOnlyList<MeterSupplyDocument> Supply);

/// <summary>A tariff that takes over.</summary>
internal sealed record AssignedTariffDocument(
    BillTariffDocument Tariff, [property: Description("With the first period that begins then or later.")] string From);

/// <summary>How far prepaid money reaches.</summary>
internal sealed record PrepaidDocument(
    string Until,
    [property: Description("At the present use; the ledger looks at most seven days ahead.")] double DaysLeft);

/// <summary>Money received for premises, or paid out to them.</summary>
internal sealed record PaymentDocument(
    [property: Description("Who paid, or was paid.")] string Account,
    [property: Description("Received positive, paid out negative.")] string AmountWei,
    [property: Description("What was owed afterwards; negative is a credit.")] string DebtWei,
    PlaceDocument Place);

/// <summary>What somebody has in the vault.</summary>
internal sealed record VaultDocument(
    string Account,
    [property: Description("To withdraw or to set aside.")] string FreeWei,
    [property: Description("Locked for any purpose.")] string LockedWei,
    [property: Description("Set aside for the bills of these premises: part of what is locked.")] string SetAsideWei);

/// <summary>The supply through one meter.</summary>
internal sealed record MeterSupplyDocument(string Meter, string Name, SupplyDocument? Supply);

/// <summary>Who owes, and what could not be billed.</summary>
internal sealed record ArrearsDocument(
    [property: Description("Of all who owe.")] string TotalWei,
    [property: Description("How many owe.")] int Accounts,
    [property: Description("In the order of their premises.")] IReadOnlyList<ArrearsRow> Items,
    [property: Description("Ask again with this as cursor for what follows; null at the end.")] string? Next,
    [property: Description("What the billing desk could not do; it is tried again.")] IReadOnlyList<BillingRefusalDocument> Refusals,
    [property: Description("The emergencies that are declared now.")] IReadOnlyList<EmergencyDocument> Emergencies);

/// <summary>Premises that owe.</summary>
internal sealed record ArrearsRow(
    string Premises,
    [property: Description("The house's name; empty when the directory has none.")] string Name,
    string? Holder,
    string DebtWei,
    [property: Description("Bills that are not paid in full.")] int OpenBills,
    [property: Description("When the oldest of them was made.")] string? Since,
    string? Deadline,
    bool Permitted,
    bool Disputed,
    [property: Description("The numbers of the bills whose objections wait for an answer.")] IReadOnlyList<int> Disputes,
    [property: Description("Never tripped for debt.")] bool Protected,
    [property: Description("Pays beforehand.")] bool Prepaid);

/// <summary>An emergency: nobody is tripped for debt.</summary>
internal sealed record EmergencyDocument([property: Description("Where; 0 is everywhere.")] uint Microgrid, string Until);

/// <summary>Premises that should have a bill or an account and have none.</summary>
internal sealed record BillingRefusalDocument(
    string Premises,
    string Name,
    [property: Description("The contract's error with its values, or what the node lacks.")] string Detail,
    string At);
