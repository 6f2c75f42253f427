using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Billing;

/// <summary>
/// What premises owe, bill by bill: the twin of the <c>Payments</c> contract, with its rule of who is paid first. Not thread safe.
/// </summary>
public sealed class PremisesDues
{
    private readonly List<DueBill> _bills = [];

    /// <summary>Every bill in its latest version, by number.</summary>
    public IReadOnlyList<DueBill> Bills => _bills;

    /// <summary>Sum of what is outstanding; negative when the payee owes.</summary>
    public Coin Debt { get; private set; }

    /// <summary>When the permit ends for the oldest bill that can lead there; null when none can.</summary>
    public Instant? Deadline { get; private set; }

    /// <summary>Takes a new bill in, as the ledger booked it.</summary>
    /// <exception cref="ArgumentException">Its number is not the next.</exception>
    public void Book(DueBill bill)
    {
        ArgumentNullException.ThrowIfNull(bill);
        if (bill.Number != _bills.Count + 1)
            throw new ArgumentException($"bill {bill.Number} does not follow bill {_bills.Count}", nameof(bill));
        _bills.Add(bill);
        Debt += bill.Amount;
        if (bill.Amount.IsNegative)
            Settle(-bill.Amount);
        else if (Deadline is null && bill.Outstanding != Coin.Zero)
            Deadline = bill.Deadline;
    }

    /// <summary>Takes another version of the latest bill in, as the ledger booked it.</summary>
    /// <exception cref="ArgumentException">It is not the latest bill.</exception>
    public void Rebook(DueBill bill)
    {
        ArgumentNullException.ThrowIfNull(bill);
        if (bill.Number != _bills.Count)
            throw new ArgumentException($"bill {bill.Number} is not the latest, {_bills.Count}", nameof(bill));
        var before = _bills[^1];
        var less = before.Amount - bill.Amount;
        _bills[^1] = bill;
        Debt -= less;
        Settle(less > before.Outstanding ? less - before.Outstanding : Coin.Zero);
    }

    /// <summary>Takes a payment in: the oldest bills are paid first, disputed ones last; what is left is a credit.</summary>
    /// <param name="amount">Above zero.</param>
    public void Pay(Coin amount)
    {
        Debt -= amount;
        if (Debt > Coin.Zero)
        {
            Settle(amount);
            return;
        }

        for (var i = 0; i < _bills.Count; i++)
            _bills[i] = _bills[i] with { Outstanding = Coin.Zero };
        Deadline = null;
    }

    /// <summary>Takes in that a credit was paid out.</summary>
    public void Refund(Coin amount) => Debt += amount;

    /// <summary>Takes an objection in.</summary>
    public void Dispute(int number)
    {
        _bills[number - 1] = _bills[number - 1] with { Flags = _bills[number - 1].Flags | BillFlags.Disputed };
        Settle(Coin.Zero);
    }

    /// <summary>Takes the answer to an objection in.</summary>
    /// <param name="number">Of the bill.</param>
    /// <param name="credit">What the bill is lowered by.</param>
    /// <param name="deadline">When the bill ends the permit from now on; null when it never does.</param>
    public void Answer(int number, Coin credit, Instant? deadline)
    {
        var bill = _bills[number - 1];
        var taken = credit < bill.Outstanding ? credit : bill.Outstanding;
        _bills[number - 1] = bill with
        {
            Flags = (bill.Flags & ~BillFlags.Disputed) | BillFlags.Answered,
            Outstanding = bill.Outstanding - taken,
            Amount = bill.Amount - credit,
            Deadline = deadline,
        };
        Debt -= credit;
        Settle(credit - taken);
    }

    // Undisputed bills first, by age; then disputed ones, by age. The deadline is that of the oldest left that has one.
    private void Settle(Coin amount)
    {
        amount = Give(amount, disputed: false);
        Give(amount, disputed: true);
        Deadline = _bills.Find(bill => bill is { IsDisputed: false, Deadline: not null } && bill.Outstanding != Coin.Zero)?.Deadline;
    }

    private Coin Give(Coin amount, bool disputed)
    {
        for (var i = 0; i < _bills.Count && amount > Coin.Zero; i++)
        {
            var bill = _bills[i];
            if (bill.IsDisputed != disputed || bill.Outstanding == Coin.Zero)
                continue;
            var given = amount < bill.Outstanding ? amount : bill.Outstanding;
            _bills[i] = bill with { Outstanding = bill.Outstanding - given };
            amount -= given;
        }

        return amount;
    }
}
