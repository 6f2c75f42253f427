using System.Globalization;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Domain.Billing;

/// <summary>Which way money went over the counter.</summary>
public enum CashDirection
{
    /// <summary>From a household to the desk.</summary>
    Received,

    /// <summary>From the desk to a household.</summary>
    PaidOut,
}

/// <summary>How money came or went.</summary>
public enum CashMeans
{
    /// <summary>Notes and coins; its number is that of the receipt.</summary>
    Cash,

    /// <summary>A transfer; its number is the bank's reference.</summary>
    Bank,

    /// <summary>A payment by telephone; its number is the UPI transaction's.</summary>
    Upi,
}

/// <summary>What becomes of the coin that is made for money received.</summary>
public enum CashUse
{
    /// <summary>It is set aside for the bills of the premises.</summary>
    Bills,

    /// <summary>It is free in the account's balance.</summary>
    Balance,
}

/// <summary>
/// An entry of the cash book. The ledger knows it by <see cref="Reference"/>, the hash of everything in it: an entry that is changed afterwards
/// no longer has its reference. A random salt keeps the hash from being guessed from what is known of a payment.
/// </summary>
/// <param name="Direction">Received or paid out.</param>
/// <param name="Means">By what.</param>
/// <param name="Number">The receipt's, the bank's or UPI's number; unlike any other's of the same means. 1 to 64 printing characters.</param>
/// <param name="Premises">For which premises.</param>
/// <param name="Account">Whose balance changes.</param>
/// <param name="Amount">Above zero.</param>
/// <param name="Use">What becomes of money received; <see cref="CashUse.Balance"/> when it is paid out.</param>
/// <param name="Note">In the treasurer's words, at most 200 printing characters; may be empty.</param>
/// <param name="By">The account of who took it down.</param>
/// <param name="At">When, on the community's clock; whole seconds.</param>
/// <param name="Salt">Random.</param>
public sealed record CashSlip(
    CashDirection Direction,
    CashMeans Means,
    string Number,
    PremisesId Premises,
    Address Account,
    Coin Amount,
    CashUse Use,
    string Note,
    string By,
    Instant At,
    Hash256 Salt)
{
    /// <summary>The most characters of a number.</summary>
    public const int LongestNumber = 64;

    /// <summary>The most characters of a note.</summary>
    public const int LongestNote = 200;

    private const string Heading = "busbar cash v1";
    private const int Lines = 12;

    /// <summary>Names the entry on the ledger: keccak-256 of <see cref="ToText"/> in UTF-8.</summary>
    public Hash256 Reference => Keccak256.Hash(Encoding.UTF8.GetBytes(ToText()));

    /// <summary>The entry as text, a line for each part.</summary>
    public string ToText() => string.Join(
        '\n',
        Heading,
        Direction,
        Means,
        Number,
        Premises,
        Account,
        Amount.Wei.ToString(CultureInfo.InvariantCulture),
        Use,
        Note,
        By,
        InstantPattern.ExtendedIso.Format(At),
        Salt);

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    /// <exception cref="FormatException">It is no such text.</exception>
    public static CashSlip Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length != Lines || lines[0] != Heading
            || !Enum.TryParse<CashDirection>(lines[1], out var direction) || !Enum.TryParse<CashMeans>(lines[2], out var means)
            || !Hash256.TryParse(lines[4], out var premises) || !Address.TryParse(lines[5], out var account)
            || !Int128.TryParse(lines[6], NumberStyles.None, CultureInfo.InvariantCulture, out var wei)
            || !Enum.TryParse<CashUse>(lines[7], out var use) || !InstantPattern.ExtendedIso.Parse(lines[10]).TryGetValue(default, out var at)
            || !Hash256.TryParse(lines[11], out var salt))
        {
            throw new FormatException("this is no entry of a cash book");
        }

        return new(direction, means, lines[3], new(premises), account, Coin.FromWei(wei), use, lines[8], lines[9], at, salt);
    }
}
