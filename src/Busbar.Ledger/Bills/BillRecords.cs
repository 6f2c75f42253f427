using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Ledger.Bills;

/// <summary>Where something stands on the ledger.</summary>
/// <param name="Block">The block's number.</param>
/// <param name="Transaction">The transaction's hash.</param>
/// <param name="Time">The block's time.</param>
public sealed record LedgerPlace(ulong Block, Hash256 Transaction, Instant Time);

/// <summary>A published tariff.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Tariff">What bills are computed from.</param>
/// <param name="Document">The canonical text, UTF-8.</param>
/// <param name="Place">Where it was published.</param>
public sealed record PublishedTariff(uint Number, LedgerTariff Tariff, ReadOnlyMemory<byte> Document, LedgerPlace Place);

/// <summary>One version of a bill as the ledger made it.</summary>
/// <param name="Bill">What it came to when it was made.</param>
/// <param name="Opening">Where its period begins; null for arrears.</param>
/// <param name="Closing">Where the next one begins; null for arrears.</param>
/// <param name="Bands">The import by rate bands, by which it was charged.</param>
/// <param name="Place">Where it was made.</param>
public sealed record BillVersion(DueBill Bill, PeriodBoundary? Opening, PeriodBoundary? Closing, BandEnergies Bands, LedgerPlace Place)
{
    /// <summary>Of arrears: their reference in the books that they come from; else null.</summary>
    public Hash256? Reference { get; init; }
}

/// <summary>Money received for premises, or paid out to them.</summary>
/// <param name="Account">Who paid, or to whom it was paid out.</param>
/// <param name="Amount">Received positive, paid out negative.</param>
/// <param name="DebtAfter">What was owed afterwards; negative is a credit.</param>
/// <param name="Place">Where it stands.</param>
public sealed record PremisesPayment(Address Account, Coin Amount, Coin DebtAfter, LedgerPlace Place);

/// <summary>What the ledger says of the billing of premises, at one moment.</summary>
/// <param name="Premises">Which.</param>
/// <param name="Microgrid">Where.</param>
/// <param name="Latest">Where the period that is under way begins.</param>
/// <param name="Bills">Every bill with all its versions, by number.</param>
/// <param name="Due">The bills as they are owed now, by number.</param>
/// <param name="Debt">What is owed in all; negative is a credit.</param>
/// <param name="Deadline">When the permit ends for the oldest bill; null when none can end it.</param>
/// <param name="Payments">Oldest first.</param>
public sealed record PremisesAccount(
    PremisesId Premises,
    MicrogridId Microgrid,
    PeriodBoundary Latest,
    IReadOnlyList<IReadOnlyList<BillVersion>> Bills,
    IReadOnlyList<DueBill> Due,
    Coin Debt,
    Instant? Deadline,
    IReadOnlyList<PremisesPayment> Payments)
{
    /// <summary>Never tripped for debt.</summary>
    public bool IsProtected { get; init; }

    /// <summary>Pays beforehand.</summary>
    public bool IsPrepaid { get; init; }

    /// <summary>The end of a prepaid permit.</summary>
    public Instant PrepaidUntil { get; init; }

    /// <summary>Each time that prepaid money reached further ahead than it ever did afterwards, oldest first.</summary>
    public IReadOnlyList<PrepaidReach> Reached { get; init; } = [];

    /// <summary>Tripped for safety.</summary>
    public bool HasSafetyTrip { get; init; }

    /// <summary>Tripped for theft.</summary>
    public bool HasTheftTrip { get; init; }

    /// <summary>The tariff that takes over, and from which period; null when none does.</summary>
    public (uint Tariff, Instant From)? Assigned { get; init; }

    /// <summary>Whether its last bill is made.</summary>
    public bool HasEnded => Latest.IsEnd;

    /// <summary>Until when it may draw electricity, as far as its own money goes; null without end.</summary>
    public Instant? PaidUntil => IsPrepaid ? PrepaidUntil : Deadline;
}
