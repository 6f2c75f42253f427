using System.ComponentModel;

namespace Busbar.Node.Api;

/// <summary>The operator's books as they were drawn up last.</summary>
internal sealed record BooksDocument(
    [property: Description("They are being drawn up anew.")] bool Checking,
    [property: Description("When these were drawn up; null until the first are.")] string? At,
    [property: Description("After which block this is so.")] ulong? Block,
    [property: Description("That block's time.")] string? BlockTime,
    [property: Description("Everything agrees, to the wei and the milliwatt-hour; null until the first are drawn up.")] bool? Agree,
    [property: Description("In how many places it does not agree.")] int FaultCount,
    [property: Description("The first 200 of them.")] IReadOnlyList<BooksFaultDocument> Faults,
    [property: Description("Oldest first.")] IReadOnlyList<BooksMonthDocument> Months,
    [property: Description("Null until the first are drawn up.")] BooksTotalsDocument? Totals,
    [property: Description("Why the last try brought none; null when it did.")] string? Trouble);

/// <summary>Something that does not agree.</summary>
internal sealed record BooksFaultDocument(
    [property: Description("Which account, bill or sum.")] string What,
    [property: Description("How it differs.")] string Detail,
    [property: Description("The premises that it is about; null when it is about none.")] string? Premises,
    [property: Description("Their house's name; empty when the directory has none.")] string Name);

/// <summary>A month of the community's zone; a bill belongs to the month in which its period ends.</summary>
internal sealed record BooksMonthDocument(
    string Month,
    [property: Description("Corrections not counted.")] int Bills,
    [property: Description("What the meters of the bills counted.")] string ImportMwh,
    string ExportMwh,
    [property: Description("What the transformers delivered and no other meter counted; null when none of them was read.")] string? LostMwh,
    [property: Description("What the bills came to, in their latest versions.")] string BilledWei,
    [property: Description("What was paid in the month, less what was paid out.")] string PaidWei);

/// <summary>The sums of the books.</summary>
internal sealed record BooksTotalsDocument(
    int Accounts,
    int Bills,
    [property: Description("Versions beyond the first.")] int Corrections,
    string BilledWei,
    [property: Description("What answers to objections took off.")] string CreditedWei,
    string PaidWei,
    [property: Description("What is owed by those who owe.")] string ArrearsWei,
    [property: Description("What is owed to those who paid more.")] string CreditWei,
    [property: Description("All free balances of the vault.")] string BalancesWei,
    [property: Description("All locked balances of the vault.")] string LockedWei,
    [property: Description("What the vault holds.")] string HeldWei,
    [property: Description("What the cash desk received, less what it paid out.")] string IssuedWei);
