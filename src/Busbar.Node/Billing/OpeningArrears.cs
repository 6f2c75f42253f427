using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Community;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Indexing;

namespace Busbar.Node.Billing;

/// <summary>A line of a list of debts from before the community's accounts, as somebody wrote it.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="House">A house's name, or the id of premises.</param>
/// <param name="Amount">Coins.</param>
/// <param name="Reference">Of the operator's own books; may be empty.</param>
internal sealed record ArrearsLine(int Line, string House, string Amount, string Reference);

/// <summary>What becomes of a line.</summary>
/// <param name="Line">Which.</param>
/// <param name="Premises">Whose; null when no house is meant.</param>
/// <param name="Name">The house's name; what was written when no house is meant.</param>
/// <param name="Amount">Null when it cannot be read.</param>
/// <param name="Reference">As the ledger keeps it; null when it cannot.</param>
/// <param name="Fault">Why it cannot be booked; null when it can or is.</param>
internal sealed record CheckedArrears(ArrearsLine Line, PremisesId? Premises, string Name, Coin? Amount, Hash256? Reference, ArrearsFault? Fault)
{
    /// <summary>The same is on the ledger already.</summary>
    public bool IsBooked { get; init; }

    /// <summary>The line before that has the same house; null when none has.</summary>
    public int? Other { get; init; }
}

/// <summary>Why a line cannot be booked. The names are stable.</summary>
internal enum ArrearsFault
{
    /// <summary>No house is called so.</summary>
    UnknownHouse = 1,

    /// <summary>The house is there twice.</summary>
    Twice,

    /// <summary>The amount is no number with at most 18 digits behind the point.</summary>
    NotANumber,

    /// <summary>The amount is zero or less.</summary>
    Zero,

    /// <summary>The amount is more than the ledger counts.</summary>
    TooMuch,

    /// <summary>The reference has more than 32 bytes.</summary>
    LongReference,

    /// <summary>The ledger has no account of the premises yet.</summary>
    NoAccount,

    /// <summary>The account has bills: arrears come before the first.</summary>
    HasBills,
}

/// <summary>Holds a list of debts from before the accounts against houses and ledger, before anybody signs it.</summary>
internal static class OpeningArrears
{
    /// <summary>The most that the ledger counts: an amount of 96 bits with its sign.</summary>
    public static readonly Coin Most = Coin.FromWei((Int128)(((UInt128)1 << 95) - 1));

    /// <summary>What becomes of each line, in their order.</summary>
    public static IReadOnlyList<CheckedArrears> Check(IReadOnlyList<ArrearsLine> lines, IReadOnlyList<House> houses, BillingView billing)
    {
        var premisesOf = houses.Where(house => house.Premises != default)
            .ToLookup(house => house.Name, house => house.Premises, StringComparer.OrdinalIgnoreCase);
        var nameOf = houses.Where(house => house.Premises != default).ToLookup(house => house.Premises, house => house.Name);
        var seen = new Dictionary<PremisesId, int>();
        return [.. lines.Select(Judge)];

        CheckedArrears Judge(ArrearsLine line)
        {
            var amount = Coin.TryParse(line.Amount.Trim(), out var coins) ? coins : (Coin?)null;
            var reference = ReferenceWord.Write(line.Reference.Trim());
            var premises = Find(line.House.Trim());
            var name = premises is { } known ? nameOf[known].FirstOrDefault() ?? "" : line.House;
            var told = new CheckedArrears(line, premises, name, amount, reference, null);
            if (premises is not { } id)
                return told with { Fault = ArrearsFault.UnknownHouse };
            if (!seen.TryAdd(id, line.Line))
                return told with { Fault = ArrearsFault.Twice, Other = seen[id] };
            ArrearsFault? fault = amount is null ? ArrearsFault.NotANumber
                : amount <= Coin.Zero ? ArrearsFault.Zero
                : amount > Most ? ArrearsFault.TooMuch
                : reference is null ? ArrearsFault.LongReference
                : null;
            return fault is null ? Held(told, billing.Find(id)) : told with { Fault = fault };
        }

        PremisesId? Find(string house) =>
            Hash256.TryParse(house, out var id) && (nameOf.Contains(new(id)) || billing.Find(new(id)) is not null) ? new PremisesId(id)
            : premisesOf[house].Distinct().ToList() is [var only] ? only
            : null;
    }

    private static CheckedArrears Held(CheckedArrears told, PremisesAccount? account) => account switch
    {
        null => told with { Fault = ArrearsFault.NoAccount },
        { Bills: [] } => told,
        { Bills: [[{ Bill: var bill, Reference: { } reference }, ..], ..] }
            when bill.Flags.HasFlag(BillFlags.Arrears) && bill.Amount == told.Amount && reference == told.Reference => told with { IsBooked = true },
        _ => told with { Fault = ArrearsFault.HasBills },
    };
}
