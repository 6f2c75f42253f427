using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Node.Access;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Api.Describing;
using Busbar.Node.Cash;

namespace Busbar.Node.Api;

/// <summary>Money that went over the counter.</summary>
internal sealed record CashForm : IRequestForm
{
    // A trillion coins: more than any desk holds, and far from where sums would overflow.
    private static readonly Coin MostAmount = Coin.FromCoins(1_000_000_000_000);

    public static int MostBytes => 4096;

    [Required]
    [OneOf(typeof(CashDirection), Letters.Camel)]
    public string? Direction { get; init; }

    [Required]
    [OneOf(typeof(CashMeans), Letters.Camel)]
    public string? Means { get; init; }

    [Required]
    [Length(1, CashSlip.LongestNumber)]
    [Description("The receipt's number, the bank's reference or that of the UPI payment; unlike any other's of the same means.")]
    public string? Number { get; init; }

    [Required]
    [Description("The id of the premises; the coin is their holder's.")]
    public string? Premises { get; init; }

    [Required]
    [Description("Above 0, at most 10^12 coins.")]
    public string? AmountWei { get; init; }

    [OneOf(typeof(CashUse), Letters.Camel)]
    [Description("What becomes of money received; bills when not told.")]
    public string? Use { get; init; }

    [StringLength(CashSlip.LongestNote)]
    [Description("In the treasurer's words; kept in the book, not on the ledger.")]
    public string? Note { get; init; }

    public AccessRefused? Check()
    {
        if (!Choice.TryRead<CashDirection>(Direction, out _))
            return AccessRefused.InvalidField("direction", "is received or paidOut");
        if (!Choice.TryRead<CashMeans>(Means, out _))
            return AccessRefused.InvalidField("means", "is cash, bank or upi");
        if (!Label.IsAllowed(Number))
            return AccessRefused.InvalidField("number", Label.Rule);
        if (!Hash256.TryParse(Premises, out var premises) || premises.IsZero)
            return AccessRefused.InvalidField("premises", "is the id of premises: 0x and 64 digits");
        if (!Int128.TryParse(AmountWei, NumberStyles.None, CultureInfo.InvariantCulture, out var wei) || wei <= 0 || wei > MostAmount.Wei)
            return AccessRefused.InvalidField("amountWei", "is a whole number of wei above 0, at most 10^30");
        if (!Choice.TryRead<CashUse>(Use ?? nameof(CashUse.Bills), out _))
            return AccessRefused.InvalidField("use", "is bills or balance");
        return Note is { Length: > 0 } note && (note.Length > CashSlip.LongestNote || note.Split(' ').Any(word => word.Length > 0 && !IsPrinting(word)))
            ? AccessRefused.InvalidField("note", $"has at most {CashSlip.LongestNote} characters, without line breaks or other controls")
            : null;
    }

    /// <summary>What is to be booked; only of a form that was checked.</summary>
    public CashDraft ToDraft(string by)
    {
        _ = Choice.TryRead<CashDirection>(Direction, out var direction);
        _ = Choice.TryRead<CashMeans>(Means, out var means);
        _ = Choice.TryRead<CashUse>(Use ?? nameof(CashUse.Bills), out var use);
        var amount = Coin.FromWei(Int128.Parse(AmountWei!, CultureInfo.InvariantCulture));
        return new(direction, means, Number!.Trim(), new PremisesId(Hash256.Parse(Premises!)), amount, use, (Note ?? "").Trim(), by);
    }

    private static bool IsPrinting(string text) => text.EnumerateRunes().All(Domain.Community.HouseRules.IsPrinting);
}
