using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Indexing;

namespace Busbar.Ledger.Bills;

/// <summary>Holds the node's cash book against what the ledger issued and redeemed.</summary>
public static class CashAudit
{
    /// <summary>Where the two do not agree; empty when each entry of the ledger has its slip, with the same account and amount.</summary>
    /// <param name="ledger">What <c>Vault</c> issued and redeemed.</param>
    /// <param name="slips">The cash book: the reference that each entry was written with, and the entry.</param>
    public static IEnumerable<BooksFault> Check(IReadOnlyList<CashEntry> ledger, IReadOnlyList<(Hash256 Reference, CashSlip Slip)> slips)
    {
        foreach (var (reference, slip) in slips.Where(one => one.Slip.Reference != one.Reference))
            yield return new(NameOf(slip), $"it was written with the reference {reference}, and what it says now has {slip.Reference}");
        var known = slips.ToDictionary(one => one.Reference, one => one.Slip);
        foreach (var entry in ledger)
        {
            if (!known.TryGetValue(entry.Reference, out var slip))
                yield return new($"cash book {entry.Reference}", $"the ledger has {entry.Amount} for {entry.Account}, and no entry of the book is behind it");
            else if (slip.Account != entry.Account || Signed(slip) != entry.Amount)
                yield return new(NameOf(slip), $"it says {Signed(slip)} for {slip.Account}, and the ledger has {entry.Amount} for {entry.Account}");
        }
    }

    private static Coin Signed(CashSlip slip) => slip.Direction == CashDirection.Received ? slip.Amount : -slip.Amount;

    private static string NameOf(CashSlip slip) => $"cash book {slip.Means} {slip.Number}";
}
