using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Ledger.Bills;

/// <summary>The operator's books: energy and money by month, and everything in which ledger, readings and arithmetic do not agree.</summary>
/// <param name="Block">After which block this is so.</param>
/// <param name="Time">That block's time.</param>
/// <param name="Months">Oldest first.</param>
/// <param name="Totals">Over all months and accounts.</param>
/// <param name="Faults">Empty when one wei and one milliwatt-hour agree everywhere.</param>
public sealed record Books(
    ulong Block, Instant Time, IReadOnlyList<BooksMonth> Months, BooksTotals Totals, IReadOnlyList<BooksFault> Faults)
{
    /// <summary>Whether everything agrees.</summary>
    public bool Agree => Faults.Count == 0;
}

/// <summary>One month of the books, by the community's zone; a bill belongs to the month in which its period ends.</summary>
/// <param name="Month">Which.</param>
/// <param name="Bills">Bills, corrections not counted.</param>
/// <param name="Metered">Import that was billed, by the meters.</param>
/// <param name="Exported">Export of the same periods.</param>
/// <param name="Billed">What the bills came to, in their latest versions.</param>
/// <param name="Paid">What was paid in the month, less what was paid out.</param>
public sealed record BooksMonth(YearMonth Month, int Bills, Energy Metered, Energy Exported, Coin Billed, Coin Paid)
{
    /// <summary>What the transformers delivered in the month and no other meter counted; null when none of them was read.</summary>
    public Energy? Lost { get; init; }
}

/// <summary>The sums of the books.</summary>
/// <param name="Accounts">Accounts, ended ones too.</param>
/// <param name="Bills">Bills.</param>
/// <param name="Corrections">Versions beyond the first.</param>
/// <param name="Billed">What all bills came to.</param>
/// <param name="Credited">What answers to objections took off.</param>
/// <param name="Paid">What was paid, less what was paid out.</param>
/// <param name="Arrears">What is owed by those who owe.</param>
/// <param name="Credit">What is owed to those who paid more.</param>
/// <param name="Balances">All free balances of the vault.</param>
/// <param name="Locked">All locked balances of the vault.</param>
/// <param name="Held">What the vault holds.</param>
/// <param name="Issued">What the cash desk received, less what it paid out.</param>
public sealed record BooksTotals(
    int Accounts,
    int Bills,
    int Corrections,
    Coin Billed,
    Coin Credited,
    Coin Paid,
    Coin Arrears,
    Coin Credit,
    Coin Balances,
    Coin Locked,
    Coin Held,
    Coin Issued);

/// <summary>Something that does not agree.</summary>
/// <param name="What">Which account, bill or sum.</param>
/// <param name="Detail">How it differs.</param>
public sealed record BooksFault(string What, string Detail)
{
    /// <summary>The premises that it is about; null when it is about none.</summary>
    public PremisesId? Premises { get; init; }
}
