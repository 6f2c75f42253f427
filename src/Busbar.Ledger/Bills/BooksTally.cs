using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Readings;
using NodaTime;

namespace Busbar.Ledger.Bills;

/// <summary>One drawing up of the books: sums by month, and what does not agree.</summary>
internal sealed class BooksTally(MoneyState state, IReadingStore? readings, DateTimeZone zone)
{
    private readonly List<BooksFault> _faults = [];
    private readonly SortedDictionary<YearMonth, BooksMonth> _months = [];
    private Coin _billed;
    private Coin _credited;
    private Coin _paid;
    private int _corrections;

    /// <summary>Sums up and holds everything against everything.</summary>
    public async Task<Books> RunAsync(
        ContractBalances contracts, IReadOnlyDictionary<YearMonth, Energy> losses, Instant time, CancellationToken cancellation)
    {
        for (var place = 0; place < state.Accounts.Count; place++)
        {
            var account = state.Accounts[place];
            var checkedUpTo = (PeriodBoundary?)null;
            for (var bill = 0; bill < account.Bills.Count; bill++)
                checkedUpTo = await BillAsync(account, bill, checkedUpTo, cancellation);
            Account(account, contracts.Accounts[place]);
        }

        var totals = Vault(contracts);
        var months = _months.Keys.Union(losses.Keys).Order()
            .Select(month => Of(month) with { Lost = losses.TryGetValue(month, out var lost) ? lost : null });
        return new(state.Block, time, [.. months], totals, [.. _faults]);
    }

    // The month of an instant at which something ends: what ends at midnight of the first belongs to the month that it ends.
    internal static YearMonth MonthOf(Instant end, DateTimeZone zone) => (end - Duration.FromSeconds(1)).InZone(zone).Date.ToYearMonth();

    private async Task<PeriodBoundary?> BillAsync(
        PremisesAccount account, int place, PeriodBoundary? checkedUpTo, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var versions = account.Bills[place];
        var name = $"bill {place + 1}";
        if (versions.Any(version => version.Bill.Number != place + 1))
            Fault(account.Premises, name, $"the ledger calls it number {versions[^1].Bill.Number}");
        foreach (var version in versions.Where(version => version.Closing is not null))
        {
            if (version.Opening is not { } opening || state.Tariff(opening.Tariff) is not { } tariff)
            {
                Fault(account.Premises, name, "its opening or its tariff is not on the ledger");
                continue;
            }

            if (BillFacts.Check(version, tariff.Tariff).Fault is { } fault)
                Fault(account.Premises, name, fault);
            // A bill mostly opens where the one before closed, and what was found there is told once.
            if (opening != checkedUpTo)
                await RegistersAsync(account.Premises, name, opening, cancellation);
            await RegistersAsync(account.Premises, name, version.Closing!, cancellation);
            checkedUpTo = version.Closing;
        }

        Count(versions, account.Due[place]);
        return checkedUpTo;
    }

    private void Count(IReadOnlyList<BillVersion> versions, Domain.Billing.DueBill due)
    {
        _corrections += versions.Count - 1;
        var latest = versions[^1];
        _billed += latest.Bill.Amount;
        _credited += latest.Bill.Amount - due.Amount;
        var use = latest.Closing is null || latest.Opening is null ? default : BillFacts.UsageOf(latest);
        Month(latest.Closing?.Instant ?? latest.Place.Time, month => month with
        {
            Bills = month.Bills + 1,
            Metered = month.Metered + use.Imported,
            Exported = month.Exported + use.Exported,
            Billed = month.Billed + latest.Bill.Amount,
        });
    }

    private async Task RegistersAsync(PremisesId premises, string name, PeriodBoundary boundary, CancellationToken cancellation)
    {
        if (readings is null || boundary.IsEstimated)
            return;
        if (await readings.ReadingAsync(boundary.Meter, boundary.Instant, cancellation) is not { } stored)
            Fault(premises, name, $"the reading of {boundary.Meter} at {boundary.Instant} is not in the store");
        else if (stored.Reading.Registers != boundary.Registers)
        {
            var (read, kept) = (Text(stored.Reading.Registers), Text(boundary.Registers));
            Fault(premises, name, $"{boundary.Meter} at {boundary.Instant} read {read}, and the ledger has {kept}");
        }
    }

    private void Account(PremisesAccount account, (Coin Debt, Instant? Deadline) kept)
    {
        var paid = Sum(account.Payments, payment => payment.Amount);
        _paid += paid;
        foreach (var payment in account.Payments)
            Month(payment.Place.Time, month => month with { Paid = month.Paid + payment.Amount });
        var billed = Sum(account.Due, bill => bill.Amount);
        var outstanding = Sum(account.Due, bill => bill.Outstanding);
        const string Name = "account";
        if (billed - paid != account.Debt)
            Fault(account.Premises, Name, $"bills of {billed} less payments of {paid} are {billed - paid}, and it owes {account.Debt}");
        if ((account.Debt > Coin.Zero ? account.Debt : Coin.Zero) != outstanding)
            Fault(account.Premises, Name, $"its open bills sum to {outstanding}, and it owes {account.Debt}");
        if (kept.Debt != account.Debt)
            Fault(account.Premises, Name, $"the contract has a debt of {kept.Debt}, the events say {account.Debt}");
        if (kept.Deadline != account.Deadline)
            Fault(account.Premises, Name, $"the contract has a deadline of {kept.Deadline}, the events say {account.Deadline}");
    }

    private BooksTotals Vault(ContractBalances contracts)
    {
        var (free, locked) = (Sum(state.Balances, balance => balance.Free), Sum(state.Balances, balance => balance.Locked));
        if (free + locked > contracts.Held)
            Fault("vault", $"balances are {free + locked}, and it holds {contracts.Held}");
        foreach (var (balance, kept) in state.Balances.Zip(contracts.Free))
        {
            if (kept != balance.Free)
                Fault($"balance of {balance.Account}", $"the contract has {kept} free, the events say {balance.Free}");
        }

        foreach (var (one, kept) in state.Locks.Zip(contracts.Locked))
        {
            if (kept != one.Amount)
                Fault($"balance of {one.Account}", $"the contract has {kept} locked for {one.Purpose}, the events say {one.Amount}");
        }

        var issued = Sum(state.Cash, entry => entry.Amount);
        if (issued != contracts.Desk)
            Fault("cash book", $"its entries sum to {issued}, and the contract has {contracts.Desk}");
        return new(
            state.Accounts.Count,
            state.Accounts.Sum(account => account.Bills.Count),
            _corrections,
            _billed,
            _credited,
            _paid,
            Sum(state.Accounts, account => account.Debt > Coin.Zero ? account.Debt : Coin.Zero),
            Sum(state.Accounts, account => account.Debt.IsNegative ? -account.Debt : Coin.Zero),
            free,
            locked,
            contracts.Held,
            issued);
    }

    private void Month(Instant at, Func<BooksMonth, BooksMonth> change)
    {
        var month = MonthOf(at, zone);
        _months[month] = change(Of(month));
    }

    private BooksMonth Of(YearMonth month) => _months.GetValueOrDefault(month) ?? new(month, 0, default, default, default, default);

    private void Fault(string what, string detail) => _faults.Add(new(what, detail));

    private void Fault(PremisesId premises, string what, string detail) =>
        _faults.Add(new($"{what} of {premises}", detail) { Premises = premises });

    private static Coin Sum<T>(IEnumerable<T> items, Func<T, Coin> of) => items.Aggregate(Coin.Zero, (sum, item) => sum + of(item));

    private static string Text(in Registers registers) => $"import {registers.Import}, export {registers.Export}";
}
