using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Ledger.Trading;

/// <summary>Energy for sale, as it was posted. The contract keeps what is left of it by its id; who buys brings the rest, in three words.</summary>
/// <param name="Seller">Whose credit in the store it is.</param>
/// <param name="Microgrid">Where.</param>
/// <param name="Energy">Of the whole.</param>
/// <param name="Price">As time goes by.</param>
/// <param name="Source">The store's meter.</param>
public sealed record AdvertTerms(Address Seller, MicrogridId Microgrid, Energy Energy, AdvertPrice Price, MeterId Source)
{
    private const int Words = 3;

    /// <summary>The words, as the contract packs them.</summary>
    public IReadOnlyList<Hash256> ToWords() => Pack().ToWords();

    /// <summary>What the ledger names it by.</summary>
    public Hash256 Id() => Pack().Id();

    /// <summary>Reads the words that an event told.</summary>
    public static AdvertTerms Read(IReadOnlyList<Hash256> words)
    {
        var form = new PackedWords(words, Words);
        var price = new AdvertPrice(
            Domain.Quantities.Price.FromWeiPerKilowattHour(form.NumberAt(1, 0, 12)),
            (int)form.NumberAt(0, 29, 2),
            Instant.FromUnixTimeSeconds((long)form.NumberAt(0, 24, 5)),
            Duration.FromSeconds((long)form.NumberAt(1, 20, 3)));
        return new(
            form.AddressAt(0),
            new((uint)form.NumberAt(0, 20, 4)),
            Energy.FromMilliwattHours((long)form.NumberAt(1, 12, 8)),
            price,
            new(form.AddressAt(2)));
    }

    private PackedWords Pack()
    {
        var form = new PackedWords(Words);
        form.Set(0, Seller);
        form.Set(0, 20, 4, Microgrid.Number);
        form.Set(0, 24, 5, (UInt128)Price.Posted.ToUnixTimeSeconds());
        form.Set(0, 29, 2, (UInt128)Price.StepShare);
        form.Set(1, 0, 12, Price.First.WeiPerKilowattHour);
        form.Set(1, 12, 8, (UInt128)Energy.MilliwattHours);
        form.Set(1, 20, 3, (UInt128)(long)Price.Life.TotalSeconds);
        form.Set(2, Source.Key);
        return form;
    }
}
