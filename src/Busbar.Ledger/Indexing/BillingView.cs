using System.Numerics;
using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Bills;
using NodaTime;
using Billed = Busbar.Ledger.Contracts.Billing.Events;
using Owed = Busbar.Ledger.Contracts.Payments.Events;

namespace Busbar.Ledger.Indexing;

/// <summary>Tariffs, bills and payments, as the events of <c>Billing</c> and <c>Payments</c> say. Safe for concurrent callers.</summary>
public sealed class BillingView
{
    private const byte SafetyTrip = 16;

    private readonly Lock _lock;
    private readonly List<PublishedTariff> _tariffs = [];
    private readonly Dictionary<PremisesId, AccountBook> _books = [];
    private readonly Dictionary<MicrogridId, Instant> _emergencies = [];

    internal BillingView(Lock shared) => _lock = shared;

    /// <summary>Every tariff, by number.</summary>
    public IReadOnlyList<PublishedTariff> Tariffs
    {
        get
        {
            lock (_lock)
                return [.. _tariffs];
        }
    }

    /// <summary>Every account, ended ones too, in the order of their premises.</summary>
    public IReadOnlyList<PremisesAccount> Accounts
    {
        get
        {
            lock (_lock)
                return [.. _books.OrderBy(pair => pair.Key.Value).Select(pair => pair.Value.Snapshot())];
        }
    }

    /// <summary>The account of premises, or null.</summary>
    public PremisesAccount? Find(PremisesId premises)
    {
        lock (_lock)
            return _books.TryGetValue(premises, out var book) ? book.Snapshot() : null;
    }

    /// <summary>A tariff by its number, or null.</summary>
    public PublishedTariff? Tariff(uint number)
    {
        lock (_lock)
            return number > 0 && number <= _tariffs.Count ? _tariffs[(int)number - 1] : null;
    }

    /// <summary>Until when an emergency is declared for a microgrid, by itself or in all; null when none ever was.</summary>
    public Instant? EmergencyUntil(MicrogridId microgrid)
    {
        lock (_lock)
        {
            Instant? own = _emergencies.TryGetValue(microgrid, out var until) ? until : null;
            Instant? all = _emergencies.TryGetValue(default, out until) ? until : null;
            return own is null || all > own ? all : own;
        }
    }

    /// <summary>Every emergency that was ever declared and not ended, by microgrid; 0 is all of them.</summary>
    public IReadOnlyDictionary<MicrogridId, Instant> Emergencies
    {
        get
        {
            lock (_lock)
                return new Dictionary<MicrogridId, Instant>(_emergencies);
        }
    }

    internal void Clear()
    {
        _tariffs.Clear();
        _books.Clear();
        _emergencies.Clear();
    }

    internal void ApplyBilling(IndexedBlock block, IndexedEvent record, Log log)
    {
        if (!Billed.TryDecode(log, out var one))
            return;
        var place = new LedgerPlace(block.Number, record.Transaction, block.Time);
        switch (one)
        {
            case Billed.TariffPublished published:
                _tariffs.Add(new(published.Number, TariffForm.FromContract(published.Tariff), published.Document, place));
                break;
            case Billed.AccountOpened opened:
                _books[new(opened.Premises)] = new(new(opened.Premises), PeriodBoundary.Read(opened.Opening));
                break;
            case Billed.TariffAssigned assigned when Book(assigned.Premises) is { } book:
                book.Assigned = (assigned.Tariff, LedgerTime.Of(assigned.From));
                break;
            case Billed.MeterExchanged exchanged when Book(exchanged.Premises) is { } book:
                book.Exchange(PeriodBoundary.Read(exchanged.Opening));
                break;
            case Billed.BillIssued issued when Book(issued.Premises) is { } book:
                book.Bill(Bill(issued), Bands(issued.Bands), PeriodBoundary.Read(issued.Boundary), place);
                break;
        }
    }

    internal void ApplyPayments(IndexedBlock block, IndexedEvent record, Log log)
    {
        if (!Owed.TryDecode(log, out var one))
            return;
        var place = new LedgerPlace(block.Number, record.Transaction, block.Time);
        switch (one)
        {
            case Owed.Paid paid when Book(paid.Premises) is { } book:
                book.Pay(new(paid.Payer, Coins(paid.Amount), Coins(paid.Debt), place));
                break;
            case Owed.Refunded refunded when Book(refunded.Premises) is { } book:
                book.Pay(new(refunded.To, -Coins(refunded.Amount), book.Dues.Debt + Coins(refunded.Amount), place));
                break;
            case Owed.ArrearsBooked booked when Book(booked.Premises) is { } book:
                var amount = Coin.FromWei(booked.Amount);
                book.Arrears(new((int)booked.Number, amount, amount, Deadline(booked.Deadline), BillFlags.Arrears, 1), booked.ReferenceId, place);
                break;
            case Owed.BillDisputed disputed when Book(disputed.Premises) is { } book:
                book.Dues.Dispute((int)disputed.Number);
                break;
            case Owed.DisputeAnswered answered when Book(answered.Premises) is { } book:
                book.Dues.Answer((int)answered.Number, Coin.FromWei(answered.Credit), Deadline(answered.Deadline));
                break;
            case Owed.PermitIssued permit when Book(permit.Premises) is { IsPrepaid: true } book:
                book.Reach(block.Time, LedgerTime.Of(permit.Until));
                break;
            case Owed.ProtectionChanged changed when Book(changed.Premises) is { } book:
                book.IsProtected = changed.IsProtected;
                break;
            case Owed.PrepaidChanged changed when Book(changed.Premises) is { } book:
                book.SetPrepaid(changed.IsPrepaid, block.Time);
                break;
            case Owed.TripChanged changed when Book(changed.Premises) is { } book:
                if (changed.Flag == SafetyTrip)
                    book.HasSafetyTrip = changed.Active;
                else
                    book.HasTheftTrip = changed.Active;
                break;
            case Owed.EmergencyDeclared declared:
                _emergencies[new(declared.Microgrid)] = LedgerTime.Of(declared.Until);
                break;
        }
    }

    private AccountBook? Book(Cryptography.Hash256 premises) => _books.GetValueOrDefault(new(premises));

    private static DueBill Bill(Billed.BillIssued issued) => new(
        (int)issued.Number,
        Coin.FromWei(issued.Bill.Amount),
        Coin.FromWei(issued.Bill.Outstanding),
        Deadline(issued.Bill.Deadline),
        (BillFlags)issued.Bill.Flags,
        issued.Bill.Version);

    private static Instant? Deadline(ulong seconds) => seconds == 0 ? null : LedgerTime.Of(seconds);

    private static BandEnergies Bands(IReadOnlyList<ulong> bands) => new(
        Energy.FromMilliwattHours((long)bands[0]),
        Energy.FromMilliwattHours((long)bands[1]),
        Energy.FromMilliwattHours((long)bands[2]),
        Energy.FromMilliwattHours((long)bands[3]));

    private static Coin Coins(BigInteger wei) => Coin.FromWei((Int128)wei);
}
