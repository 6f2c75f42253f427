using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Ledger.Trading;

/// <summary>Energy that somebody wants. The contract keeps the money locked for its id; who offers brings the rest, in two words.</summary>
/// <param name="Buyer">Who.</param>
/// <param name="Microgrid">Where.</param>
/// <param name="Energy">How much; it is taken whole.</param>
/// <param name="Price">For the seller.</param>
/// <param name="Posted">Since when.</param>
/// <param name="Until">From then on nobody can offer.</param>
/// <param name="TaxShare">Basis points of tax that the locked money reaches for.</param>
/// <param name="IsFirstCome">Whether the first who offers has it; else the buyer accepts one.</param>
public sealed record DemandTerms(
    Address Buyer,
    MicrogridId Microgrid,
    Energy Energy,
    Price Price,
    Instant Posted,
    Instant Until,
    int TaxShare,
    bool IsFirstCome)
{
    private const int Words = 2;
    private const long Basis = 10_000;

    /// <summary>What the seller gets.</summary>
    public Coin Share => Price.CostFloor(Energy);

    /// <summary>What is locked while it waits: the share, and the highest tax.</summary>
    public Coin Locked => Share + Share.TimesFloor(TaxShare, Basis);

    /// <summary>The words, as the contract packs them.</summary>
    public IReadOnlyList<Hash256> ToWords() => Pack().ToWords();

    /// <summary>What the ledger names it by.</summary>
    public Hash256 Id() => Pack().Id();

    /// <summary>Reads the words that an event told.</summary>
    public static DemandTerms Read(IReadOnlyList<Hash256> words)
    {
        var form = new PackedWords(words, Words);
        return new(
            form.AddressAt(0),
            new((uint)form.NumberAt(0, 20, 4)),
            Energy.FromMilliwattHours((long)form.NumberAt(1, 12, 8)),
            Price.FromWeiPerKilowattHour(form.NumberAt(1, 0, 12)),
            Instant.FromUnixTimeSeconds((long)form.NumberAt(0, 24, 5)),
            Instant.FromUnixTimeSeconds((long)form.NumberAt(1, 20, 5)),
            (int)form.NumberAt(0, 29, 2),
            form.NumberAt(0, 31, 1) == 1);
    }

    private PackedWords Pack()
    {
        var form = new PackedWords(Words);
        form.Set(0, Buyer);
        form.Set(0, 20, 4, Microgrid.Number);
        form.Set(0, 24, 5, (UInt128)Posted.ToUnixTimeSeconds());
        form.Set(0, 29, 2, (UInt128)TaxShare);
        form.Set(0, 31, 1, IsFirstCome ? UInt128.One : UInt128.Zero);
        form.Set(1, 0, 12, Price.WeiPerKilowattHour);
        form.Set(1, 12, 8, (UInt128)Energy.MilliwattHours);
        form.Set(1, 20, 5, (UInt128)Until.ToUnixTimeSeconds());
        return form;
    }
}
