using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Ledger.Bills;
using NodaTime;

namespace Busbar.Ledger.Indexing;

/// <summary>The billing of one premises while its events come in.</summary>
internal sealed class AccountBook(PremisesId premises, PeriodBoundary opening)
{
    private readonly PremisesDues _dues = new();
    private readonly List<List<BillVersion>> _bills = [];
    private readonly List<PremisesPayment> _payments = [];

    // By its hash, so that a corrected bill finds where its period began.
    private readonly Dictionary<Cryptography.Hash256, PeriodBoundary> _boundaries = new() { [opening.Hash()] = opening };

    private readonly List<PrepaidReach> _reached = [];

    private PeriodBoundary _latest = opening;

    public bool IsProtected { get; set; }

    public bool IsPrepaid { get; private set; }

    public Instant PrepaidUntil { get; private set; }

    public bool HasSafetyTrip { get; set; }

    public bool HasTheftTrip { get; set; }

    public (uint Tariff, Instant From)? Assigned { get; set; }

    public PremisesDues Dues => _dues;

    public PremisesAccount Snapshot() => new(
        premises, _latest.Microgrid, _latest, [.. _bills.Select(versions => versions.ToArray())], [.. _dues.Bills], _dues.Debt, _dues.Deadline, [.. _payments])
    {
        IsProtected = IsProtected,
        IsPrepaid = IsPrepaid,
        PrepaidUntil = PrepaidUntil,
        Reached = [.. _reached],
        HasSafetyTrip = HasSafetyTrip,
        HasTheftTrip = HasTheftTrip,
        Assigned = Assigned,
    };

    public void Exchange(PeriodBoundary boundary) => Move(boundary);

    public void Bill(DueBill bill, BandEnergies bands, PeriodBoundary closing, LedgerPlace place)
    {
        if (bill.Version == 1)
            _dues.Book(bill);
        else
            _dues.Rebook(bill);
        Record(new(bill, _boundaries.GetValueOrDefault(closing.Previous), closing, bands, place));
        Move(closing);
        if (Assigned is { } assigned && assigned.Tariff == closing.Tariff && assigned.From <= closing.Instant)
            Assigned = null;
    }

    public void Arrears(DueBill bill, Cryptography.Hash256 reference, LedgerPlace place)
    {
        _dues.Book(bill);
        Record(new(bill, Opening: null, Closing: null, default, place) { Reference = reference });
    }

    public void Pay(PremisesPayment payment)
    {
        if (payment.Amount.IsNegative)
            _dues.Refund(-payment.Amount);
        else
            _dues.Pay(payment.Amount);
        _payments.Add(payment);
    }

    /// <summary>Whether the premises pay beforehand from now on; the permit of the first day is given.</summary>
    public void SetPrepaid(bool isPrepaid, Instant at)
    {
        IsPrepaid = isPrepaid;
        _reached.Clear();
        Reach(at, at + Duration.FromDays(1));
    }

    /// <summary>Prepaid money reaches so far.</summary>
    public void Reach(Instant at, Instant until)
    {
        PrepaidUntil = until;
        var reach = new PrepaidReach(at, until);
        while (_reached.Count > 0 && _reached[^1].Ahead <= reach.Ahead)
            _reached.RemoveAt(_reached.Count - 1);
        _reached.Add(reach);
    }

    private void Record(BillVersion version)
    {
        if (version.Bill.Version == 1)
            _bills.Add([version]);
        else
            _bills[^1].Add(version);
    }

    private void Move(PeriodBoundary boundary)
    {
        _latest = boundary;
        _boundaries[boundary.Hash()] = boundary;
    }
}
