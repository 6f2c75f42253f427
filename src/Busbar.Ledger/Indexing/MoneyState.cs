using Busbar.Ledger.Bills;

namespace Busbar.Ledger.Indexing;

/// <summary>Everything that the events say of money after one block.</summary>
/// <param name="Block">After which.</param>
/// <param name="Tariffs">By number, from 1.</param>
/// <param name="Accounts">In the order of their premises.</param>
/// <param name="Balances">In the order of their accounts.</param>
/// <param name="Locks">In the order of modules, accounts and purposes.</param>
/// <param name="Cash">The cash book, oldest first.</param>
public sealed record MoneyState(
    ulong Block,
    IReadOnlyList<PublishedTariff> Tariffs,
    IReadOnlyList<PremisesAccount> Accounts,
    IReadOnlyList<VaultBalance> Balances,
    IReadOnlyList<VaultLock> Locks,
    IReadOnlyList<CashEntry> Cash)
{
    /// <summary>A tariff by its number, or null.</summary>
    public PublishedTariff? Tariff(uint number) => number > 0 && number <= Tariffs.Count ? Tariffs[(int)number - 1] : null;
}
