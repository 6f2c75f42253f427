using System.Numerics;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Readings;
using NodaTime;
using PaymentsContract = Busbar.Ledger.Contracts.Payments;
using VaultContract = Busbar.Ledger.Contracts.Vault;

namespace Busbar.Ledger.Bills;

/// <summary>
/// Holds all bills, payments and balances against each other: each bill against its tariff and registers, each register against the
/// stored reading, each debt against bills and payments and the contract's own account, and the vault against everyone's balance.
/// </summary>
/// <param name="view">What the events say.</param>
/// <param name="client">The chain, for what the contracts say.</param>
/// <param name="contracts">The contracts.</param>
/// <param name="readings">The stored readings; null to leave them out.</param>
/// <param name="zone">The community's zone, for months.</param>
public sealed class BooksAudit(MoneyView view, EthereumClient client, MoneyContracts contracts, IReadingStore? readings, DateTimeZone zone)
{
    private readonly List<BooksFault> _faults = [];
    private readonly SortedDictionary<YearMonth, BooksMonth> _months = [];
    private Coin _billed;
    private Coin _credited;
    private Coin _paid;
    private int _corrections;

    /// <summary>Draws up the books as the ledger stands.</summary>
    /// <exception cref="EthereumRpcException">The chain cannot be read.</exception>
    public async Task<Books> RunAsync(CancellationToken cancellation)
    {
        var accounts = view.Billing.Accounts;
        foreach (var account in accounts)
        {
            foreach (var versions in account.Bills)
                await BillAsync(account, versions, cancellation);
            await AccountAsync(account, cancellation);
        }

        var totals = await VaultAsync(accounts, cancellation);
        return new([.. _months.Values], totals, [.. _faults]);
    }

    private async Task BillAsync(PremisesAccount account, IReadOnlyList<BillVersion> versions, CancellationToken cancellation)
    {
        var name = $"bill {versions[0].Bill.Number} of {account.Premises}";
        foreach (var version in versions.Where(version => version.Closing is not null))
        {
            if (version.Opening is not { } opening || view.Billing.Tariff(opening.Tariff) is not { } tariff)
            {
                Fault(name, "its opening or its tariff is not on the ledger");
                continue;
            }

            if (BillFacts.Check(version, tariff.Tariff).Fault is { } fault)
                Fault(name, fault);
            await RegistersAsync(name, opening, cancellation);
            await RegistersAsync(name, version.Closing!, cancellation);
        }

        _corrections += versions.Count - 1;
        var latest = versions[^1];
        var due = account.Due[latest.Bill.Number - 1];
        _billed += latest.Bill.Amount;
        _credited += latest.Bill.Amount - due.Amount;
        var use = latest.Closing is null ? default : BillFacts.UsageOf(latest);
        Month(latest.Closing?.Instant ?? latest.Place.Time, month => month with
        {
            Bills = month.Bills + 1,
            Metered = month.Metered + use.Imported,
            Exported = month.Exported + use.Exported,
            Billed = month.Billed + latest.Bill.Amount,
        });
    }

    private async Task RegistersAsync(string name, PeriodBoundary boundary, CancellationToken cancellation)
    {
        if (readings is null || boundary.IsEstimated)
            return;
        if (await readings.ReadingAsync(boundary.Meter, boundary.Instant, cancellation) is not { } stored)
            Fault(name, $"the reading of {boundary.Meter} at {boundary.Instant} is not in the store");
        else if (stored.Reading.Registers != boundary.Registers)
            Fault(name, $"{boundary.Meter} at {boundary.Instant} read {Text(stored.Reading.Registers)}, and the ledger has {Text(boundary.Registers)}");
    }

    private async Task AccountAsync(PremisesAccount account, CancellationToken cancellation)
    {
        var paid = account.Payments.Aggregate(Coin.Zero, (sum, payment) => sum + payment.Amount);
        _paid += paid;
        foreach (var payment in account.Payments)
            Month(payment.Place.Time, month => month with { Paid = month.Paid + payment.Amount });
        var billed = account.Due.Aggregate(Coin.Zero, (sum, bill) => sum + bill.Amount);
        var outstanding = account.Due.Aggregate(Coin.Zero, (sum, bill) => sum + bill.Outstanding);
        var name = $"account of {account.Premises}";
        if (billed - paid != account.Debt)
            Fault(name, $"bills of {billed} less payments of {paid} are {billed - paid}, and it owes {account.Debt}");
        if ((account.Debt > Coin.Zero ? account.Debt : Coin.Zero) != outstanding)
            Fault(name, $"its open bills sum to {outstanding}, and it owes {account.Debt}");
        var kept = await PaymentsContract.AccountOfAsync(client, contracts.Payments, account.Premises.Value, cancellationToken: cancellation);
        if (kept.Debt != account.Debt.Wei)
            Fault(name, $"the contract has a debt of {Coin.FromWei(kept.Debt)}, the events say {account.Debt}");
        if (LedgerDeadline(kept.Deadline) != account.Deadline)
            Fault(name, $"the contract has a deadline of {LedgerDeadline(kept.Deadline)}, the events say {account.Deadline}");
    }

    private async Task<BooksTotals> VaultAsync(IReadOnlyList<PremisesAccount> accounts, CancellationToken cancellation)
    {
        var balances = view.Vault.Balances;
        var (free, locked) = (Sum(balances, balance => balance.Free), Sum(balances, balance => balance.Locked));
        var held = Wei(await VaultContract.HeldAsync(client, contracts.Vault, cancellationToken: cancellation));
        if (free + locked > held)
            Fault("vault", $"balances are {free + locked}, and it holds {held}");
        foreach (var balance in balances)
        {
            var kept = Wei(await VaultContract.FreeOfAsync(client, contracts.Vault, balance.Account, cancellationToken: cancellation));
            var bound = Wei(await VaultContract.LockedOfAsync(client, contracts.Vault, balance.Account, cancellationToken: cancellation));
            if (kept != balance.Free || bound != balance.Locked)
                Fault($"balance of {balance.Account}", $"the contract has {kept} free and {bound} locked, the events say {balance.Free} and {balance.Locked}");
        }

        var issued = Sum(view.Vault.Cash, entry => entry.Amount);
        var desk = Wei(await VaultContract.IssuedTotalAsync(client, contracts.Vault, cancellationToken: cancellation))
            - Wei(await VaultContract.RedeemedTotalAsync(client, contracts.Vault, cancellationToken: cancellation));
        if (issued != desk)
            Fault("cash book", $"its entries sum to {issued}, and the contract has {desk}");
        return new(
            accounts.Count,
            accounts.Sum(account => account.Bills.Count),
            _corrections,
            _billed,
            _credited,
            _paid,
            Sum(accounts, account => account.Debt > Coin.Zero ? account.Debt : Coin.Zero),
            Sum(accounts, account => account.Debt.IsNegative ? -account.Debt : Coin.Zero),
            free,
            locked,
            held,
            issued);
    }

    private void Month(Instant at, Func<BooksMonth, BooksMonth> change)
    {
        // What ends at midnight of the first belongs to the month that it ends.
        var month = (at - Duration.FromSeconds(1)).InZone(zone).Date.ToYearMonth();
        _months[month] = change(_months.GetValueOrDefault(month) ?? new(month, 0, default, default, default, default));
    }

    private void Fault(string what, string detail) => _faults.Add(new(what, detail));

    private static Coin Sum<T>(IEnumerable<T> items, Func<T, Coin> of) => items.Aggregate(Coin.Zero, (sum, item) => sum + of(item));

    private static Coin Wei(BigInteger wei) => Coin.FromWei((Int128)wei);

    private static Instant? LedgerDeadline(ulong seconds) => seconds == 0 ? null : LedgerTime.Of(seconds);

    private static string Text(in Registers registers) => $"import {registers.Import}, export {registers.Export}";
}
