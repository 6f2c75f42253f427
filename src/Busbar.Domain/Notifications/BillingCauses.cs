using System.Globalization;
using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Notifications;

/// <summary>Whose bill or payment is told of.</summary>
/// <param name="Premises">Which premises.</param>
/// <param name="House">Their name, for people.</param>
/// <param name="Currency">What a coin is called on their bills; null for the community's own word.</param>
public sealed record ToldPremises(PremisesId Premises, string House, string? Currency);

/// <summary>What was metered in a bill's period.</summary>
/// <param name="Start">Its first instant.</param>
/// <param name="End">The first instant after it.</param>
/// <param name="Imported">What was taken.</param>
/// <param name="Exported">What was given.</param>
public sealed record ToldPeriod(Instant Start, Instant End, Energy Imported, Energy Exported);

/// <summary>Money that was received for premises, or paid out to them.</summary>
/// <param name="Account">Who paid, or to whom it was paid out.</param>
/// <param name="Amount">How much; above zero.</param>
/// <param name="DebtAfter">What was owed afterwards; negative is a credit.</param>
/// <param name="Block">The block that has it.</param>
public sealed record ToldPayment(Cryptography.Address Account, Coin Amount, Coin DebtAfter, ulong Block);

/// <summary>Makes notifications of bills, payments and objections. The same event gives the same notification, however often it is found.</summary>
public static class BillingCauses
{
    /// <summary>A bill was made, or another version of it.</summary>
    /// <param name="of">Whose.</param>
    /// <param name="bill">The bill as it was booked.</param>
    /// <param name="before">What the version before came to; null for a first one.</param>
    /// <param name="period">What it is for.</param>
    /// <param name="due">When it should be paid; null when it names no day.</param>
    /// <param name="at">When it was made.</param>
    /// <param name="place">The event on the ledger.</param>
    public static Notification Bill(
        ToldPremises of, DueBill bill, Coin? before, ToldPeriod period, Instant? due, Instant at, LedgerPlace place)
    {
        ArgumentNullException.ThrowIfNull(of);
        ArgumentNullException.ThrowIfNull(bill);
        ArgumentNullException.ThrowIfNull(period);
        var isOpen = bill.Outstanding > Coin.Zero;
        List<(string, string)> fields =
        [
            ("house", of.House),
            ("premises", of.Premises.ToString()),
            ("number", Number(bill.Number)),
            ("version", Number(bill.Version)),
            ("start", Text(period.Start)),
            ("end", Text(period.End)),
            ("amount", Wei(bill.Amount)),
            ("toPay", isOpen ? Wei(bill.Outstanding) : ""),
            ("credit", bill.Amount.IsNegative ? Wei(-bill.Amount) : ""),
            ("settled", !isOpen && !bill.Amount.IsNegative ? Wei(bill.Amount) : ""),
            ("due", isOpen ? Text(due) : ""),
            ("deadline", isOpen ? Text(bill.Deadline) : ""),
            ("imported", Number(period.Imported.MilliwattHours)),
            ("exported", Number(period.Exported.MilliwattHours)),
            ("currency", of.Currency ?? ""),
        ];
        if (before is { } old)
            fields.Add(("before", Wei(old)));
        var message = before is null ? NotificationMessage.BillIssued : NotificationMessage.BillCorrected;
        return Notification.Of(message, new NotificationScope.Premises(of.Premises), place.ToString(), at, [.. fields]);
    }

    /// <summary>Debt from before the account was taken over, as a bill that nobody metered.</summary>
    /// <param name="of">Whose.</param>
    /// <param name="number">The bill's number.</param>
    /// <param name="amount">How much.</param>
    /// <param name="deadline">When it ends the permit; null when it never does.</param>
    /// <param name="at">When.</param>
    /// <param name="place">The event on the ledger.</param>
    public static Notification Arrears(ToldPremises of, int number, Coin amount, Instant? deadline, Instant at, LedgerPlace place)
    {
        ArgumentNullException.ThrowIfNull(of);
        return Notification.Of(
            NotificationMessage.ArrearsBooked, new NotificationScope.Premises(of.Premises), place.ToString(), at,
            ("house", of.House), ("premises", of.Premises.ToString()), ("number", Number(number)), ("amount", Wei(amount)),
            ("deadline", Text(deadline)), ("currency", of.Currency ?? ""));
    }

    /// <summary>Money was received for premises: the receipt.</summary>
    public static Notification Received(ToldPremises of, ToldPayment payment, Instant at, LedgerPlace place)
    {
        ArgumentNullException.ThrowIfNull(of);
        return Payment(NotificationMessage.PaymentReceived, new NotificationScope.Premises(of.Premises), of, payment, at, place);
    }

    /// <summary>A credit was paid out: the receipt, to whom it was paid out to, who may hold the premises no longer.</summary>
    public static Notification PaidOut(ToldPremises of, ToldPayment payment, Instant at, LedgerPlace place)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return Payment(NotificationMessage.CreditPaidOut, new NotificationScope.Participant(payment.Account), of, payment, at, place);
    }

    /// <summary>The operator has answered an objection.</summary>
    /// <param name="of">Whose.</param>
    /// <param name="bill">The bill as it is afterwards.</param>
    /// <param name="credit">What was taken off; zero for nothing.</param>
    /// <param name="block">The block that has the answer.</param>
    /// <param name="at">When.</param>
    /// <param name="place">The event on the ledger.</param>
    public static Notification Answered(ToldPremises of, DueBill bill, Coin credit, ulong block, Instant at, LedgerPlace place)
    {
        ArgumentNullException.ThrowIfNull(of);
        ArgumentNullException.ThrowIfNull(bill);
        var isOpen = bill.Outstanding > Coin.Zero;
        return Notification.Of(
            NotificationMessage.ObjectionAnswered, new NotificationScope.Premises(of.Premises), place.ToString(), at,
            ("house", of.House), ("premises", of.Premises.ToString()), ("number", Number(bill.Number)),
            ("credit", credit > Coin.Zero ? Wei(credit) : ""), ("kept", credit > Coin.Zero ? "" : Wei(bill.Amount)),
            ("toPay", isOpen ? Wei(bill.Outstanding) : ""), ("deadline", isOpen ? Text(bill.Deadline) : ""),
            ("block", block.ToString(CultureInfo.InvariantCulture)), ("transaction", place.Transaction.ToString()),
            ("currency", of.Currency ?? ""));
    }

    /// <summary>A meter has ended the supply for debt.</summary>
    /// <param name="of">Whose.</param>
    /// <param name="meter">Which meter, for people.</param>
    /// <param name="ended">When the supply might end: the same for all meters of the premises.</param>
    /// <param name="owed">What is owed.</param>
    /// <param name="at">When the meter said so.</param>
    public static Notification SupplyEnded(ToldPremises of, string meter, Instant ended, Coin owed, Instant at)
    {
        ArgumentNullException.ThrowIfNull(of);
        return Notification.Of(
            NotificationMessage.SupplyEnded, new NotificationScope.Premises(of.Premises), $"supply until {Text(ended)}", at,
            ("house", of.House), ("premises", of.Premises.ToString()), ("meter", meter),
            ("owed", owed > Coin.Zero ? Wei(owed) : ""), ("time", Text(at)), ("currency", of.Currency ?? ""));
    }

    /// <summary>A meter that had ended the supply supplies again.</summary>
    /// <param name="of">Whose.</param>
    /// <param name="meter">Which meter.</param>
    /// <param name="name">Its name, for people.</param>
    /// <param name="permit">The permit under which it does.</param>
    /// <param name="at">When the meter said so.</param>
    public static Notification SupplyBack(ToldPremises of, MeterId meter, string name, ulong permit, Instant at)
    {
        ArgumentNullException.ThrowIfNull(of);
        return Notification.Of(
            NotificationMessage.SupplyBack, new NotificationScope.Premises(of.Premises),
            $"meter {meter} permit {permit.ToString(CultureInfo.InvariantCulture)}", at,
            ("house", of.House), ("premises", of.Premises.ToString()), ("meter", name), ("time", Text(at)));
    }

    internal static string Wei(Coin amount) => amount.Wei.ToString(CultureInfo.InvariantCulture);

    internal static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    internal static string Text(Instant? instant) => instant is { } known ? NodaTime.Text.InstantPattern.ExtendedIso.Format(known) : "";

    private static Notification Payment(
        NotificationMessage message, NotificationScope scope, ToldPremises of, ToldPayment payment, Instant at, LedgerPlace place) =>
        Notification.Of(
            message, scope, place.ToString(), at,
            ("house", of.House), ("premises", of.Premises.ToString()), ("amount", Wei(payment.Amount)),
            ("owed", payment.DebtAfter.IsNegative ? "" : Wei(payment.DebtAfter)),
            ("credit", payment.DebtAfter.IsNegative ? Wei(-payment.DebtAfter) : ""), ("account", payment.Account.ToString()),
            ("time", Text(at)), ("block", payment.Block.ToString(CultureInfo.InvariantCulture)),
            ("transaction", place.Transaction.ToString()), ("currency", of.Currency ?? ""));
}
