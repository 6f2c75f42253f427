using System.Numerics;
using Busbar.Cryptography;
using Busbar.Domain.Notifications;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Indexing;
using Busbar.Node.Billing.Tariffs;
using Busbar.Node.Community;
using NodaTime;
using Billed = Busbar.Ledger.Contracts.Billing.Events;
using Owed = Busbar.Ledger.Contracts.Payments.Events;
using Place = Busbar.Domain.Notifications.LedgerPlace;

namespace Busbar.Node.Billing;

/// <summary>
/// Which bills, payments and answers households are told of. The view has to have the event already. A prepaid household has a bill a day,
/// paid from what it set aside: that is as agreed, and not told; what is told is a bill that was not paid so.
/// </summary>
internal sealed class BillCauses(LedgerView view, HouseDirectory houses)
{
    /// <summary>What is told of an event of <c>Billing</c>; null for nothing.</summary>
    public Notification? OfBilling(Log log, IndexedEvent record, Instant at)
    {
        if (!Billed.BillIssued.TryDecode(log, out var issued)
            || Find(issued.Premises) is not { } account
            || VersionOf(account, (int)issued.Number, issued.Bill.Version) is not { Opening: not null, Closing: { } closing } version
            || IsAsAgreed(account, version))
        {
            return null;
        }

        var usage = BillFacts.UsageOf(version);
        Instant? due = version.Bill.Amount > Coin.Zero && view.Money.Billing.Tariff(version.Opening.Tariff) is { } tariff
            ? at + Duration.FromSeconds((long)tariff.Tariff.DueSeconds)
            : null;
        Coin? before = version.Bill.Version > 1 ? VersionOf(account, version.Bill.Number, version.Bill.Version - 1)?.Bill.Amount : null;
        var period = new ToldPeriod(version.Opening.Begun, closing.Instant, usage.Imported, usage.Exported);
        return BillingCauses.Bill(Told(account, version.Opening.Tariff), version.Bill, before, period, due, at, PlaceOf(record));
    }

    /// <summary>What is told of an event of <c>Payments</c>; null for nothing.</summary>
    public Notification? OfPayments(Log log, IndexedEvent record, Instant at)
    {
        if (!Owed.TryDecode(log, out var one))
            return null;
        switch (one)
        {
            case Owed.Paid paid when Find(paid.Premises) is { } account && !IsAsAgreed(account, record.Transaction):
                return BillingCauses.Received(
                    Told(account), new(paid.Payer, Coins(paid.Amount), Coins(paid.Debt), record.Block), at, PlaceOf(record));
            case Owed.Refunded refunded when Find(refunded.Premises) is { } account:
                var after = account.Payments.FirstOrDefault(payment => payment.Place.Transaction == record.Transaction)?.DebtAfter ?? account.Debt;
                return BillingCauses.PaidOut(
                    Told(account), new(refunded.To, Coins(refunded.Amount), after, record.Block), at, PlaceOf(record));
            case Owed.ArrearsBooked booked when Find(booked.Premises) is { } account:
                Instant? deadline = booked.Deadline == 0 ? null : LedgerTime.Of(booked.Deadline);
                return BillingCauses.Arrears(Told(account), (int)booked.Number, Coins(booked.Amount), deadline, at, PlaceOf(record));
            case Owed.DisputeAnswered answered when Find(answered.Premises) is { } account && answered.Number <= account.Due.Count:
                return BillingCauses.Answered(
                    Told(account), account.Due[(int)answered.Number - 1], Coins(answered.Credit), record.Block, at, PlaceOf(record));
            default:
                return null;
        }
    }

    /// <summary>Premises as people know them.</summary>
    public ToldPremises Told(PremisesAccount account) => Told(account, account.Latest.Tariff);

    private static BillVersion? VersionOf(PremisesAccount account, int number, int version) =>
        number <= account.Bills.Count && version <= account.Bills[number - 1].Count ? account.Bills[number - 1][version - 1] : null;

    private static bool IsAsAgreed(PremisesAccount account, BillVersion version) =>
        account.IsPrepaid && version.Bill.Version == 1 && account.Due[version.Bill.Number - 1].Outstanding == Coin.Zero;

    // The bill and what it took from the money set aside stand in one transaction.
    private static bool IsAsAgreed(PremisesAccount account, Hash256 transaction) =>
        account.IsPrepaid && account.Bills.Any(versions => versions[^1].Place.Transaction == transaction);

    private static Place PlaceOf(IndexedEvent record) => new(record.Transaction, record.LogIndex);

    private static Coin Coins(BigInteger wei) => Coin.FromWei((Int128)wei);

    private PremisesAccount? Find(Hash256 premises) => view.Money.Billing.Find(new(premises));

    private ToldPremises Told(PremisesAccount account, uint tariff) => new(
        account.Premises,
        houses.NameOf(account.Premises) ?? account.Premises.ToString(),
        view.Money.Billing.Tariff(tariff) is { } published ? NamedTariffs.Of(published).Currency : null);
}
