using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Ledger.Trading;

/// <summary>A purchase on its way. The contract keeps the money locked for its id; who settles it brings the rest, in six words.</summary>
public sealed record DeliveryTerms
{
    private const int Words = 6;
    private const long Basis = 10_000;

    /// <summary>Who is paid.</summary>
    public required Address Seller { get; init; }

    /// <summary>Who pays.</summary>
    public required Address Buyer { get; init; }

    /// <summary>Where.</summary>
    public required MicrogridId Microgrid { get; init; }

    /// <summary>The meter whose export counts: the store's, or the seller's.</summary>
    public required MeterId Source { get; init; }

    /// <summary>The meter whose import counts.</summary>
    public required MeterId Sink { get; init; }

    /// <summary>At the buyer's meter.</summary>
    public required Energy Energy { get; init; }

    /// <summary>What was left where it was bought, before.</summary>
    public required Energy Before { get; init; }

    /// <summary>For the seller, when all is delivered.</summary>
    public required Coin Share { get; init; }

    /// <summary>The tax on it.</summary>
    public required Coin Tax { get; init; }

    /// <summary>When it was bought.</summary>
    public required Instant Opened { get; init; }

    /// <summary>Nothing delivered later counts.</summary>
    public required Instant Deadline { get; init; }

    /// <summary>How long the buyer's meter is waited for after the deadline.</summary>
    public required Duration Patience { get; init; }

    /// <summary>Basis points of what leaves the source that may be lost on the way.</summary>
    public required int LossShare { get; init; }

    /// <summary>Whether it comes out of the store, and of the seller's credit there.</summary>
    public required bool IsStored { get; init; }

    /// <summary>The advert or the demand; zero for energy that a member draws.</summary>
    public required Hash256 Origin { get; init; }

    /// <summary>Whether a member draws their own energy: then nothing is paid.</summary>
    public bool IsDraw => Seller == Buyer;

    /// <summary>When anyone may free what nobody settled.</summary>
    public Instant FreedFrom => Deadline + Patience + Patience;

    /// <summary>What is paid for so much delivered in all: share and tax, each rounded down to a wei.</summary>
    public (Coin Share, Coin Tax) DueFor(Energy delivered) =>
        (Share.TimesFloor(delivered.MilliwattHours, Energy.MilliwattHours), Tax.TimesFloor(delivered.MilliwattHours, Energy.MilliwattHours));

    /// <summary>What has to leave the source for so much to arrive, at most.</summary>
    public Energy WithLoss(Energy energy) =>
        Energy.FromMilliwattHours((long)((((Int128)energy.MilliwattHours * Basis) + Basis - LossShare - 1) / (Basis - LossShare)));

    /// <summary>What has to arrive of what left the source, at least.</summary>
    public Energy LessLoss(Energy energy) =>
        Energy.FromMilliwattHours((long)((Int128)energy.MilliwattHours * (Basis - LossShare) / Basis));

    /// <summary>The words, as the contract packs them.</summary>
    public IReadOnlyList<Hash256> ToWords() => Pack().ToWords();

    /// <summary>What the ledger names it by: the purpose of the locked money, and what meters sign.</summary>
    public Hash256 Id() => Pack().Id();

    /// <summary>Reads the words that an event told.</summary>
    public static DeliveryTerms Read(IReadOnlyList<Hash256> words)
    {
        var form = new PackedWords(words, Words);
        return new()
        {
            Seller = form.AddressAt(0),
            Microgrid = new((uint)form.NumberAt(0, 20, 4)),
            Opened = Instant.FromUnixTimeSeconds((long)form.NumberAt(0, 24, 5)),
            LossShare = (int)form.NumberAt(0, 29, 2),
            IsStored = form.NumberAt(0, 31, 1) == 1,
            Buyer = form.AddressAt(1),
            Deadline = Instant.FromUnixTimeSeconds((long)form.NumberAt(1, 20, 5)),
            Patience = Duration.FromSeconds((long)form.NumberAt(1, 25, 3)),
            Source = new(form.AddressAt(2)),
            Energy = Energy.FromMilliwattHours((long)form.NumberAt(2, 20, 8)),
            Sink = new(form.AddressAt(3)),
            Before = Energy.FromMilliwattHours((long)form.NumberAt(3, 20, 8)),
            Share = Coin.FromWei(form.NumberAt(4, 0, 16)),
            Tax = Coin.FromWei(form.NumberAt(4, 16, 16)),
            Origin = form.HashAt(5),
        };
    }

    private PackedWords Pack()
    {
        var form = new PackedWords(Words);
        form.Set(0, Seller);
        form.Set(0, 20, 4, Microgrid.Number);
        form.Set(0, 24, 5, (UInt128)Opened.ToUnixTimeSeconds());
        form.Set(0, 29, 2, (UInt128)LossShare);
        form.Set(0, 31, 1, IsStored ? UInt128.One : UInt128.Zero);
        form.Set(1, Buyer);
        form.Set(1, 20, 5, (UInt128)Deadline.ToUnixTimeSeconds());
        form.Set(1, 25, 3, (UInt128)(long)Patience.TotalSeconds);
        form.Set(2, Source.Key);
        form.Set(2, 20, 8, (UInt128)Energy.MilliwattHours);
        form.Set(3, Sink.Key);
        form.Set(3, 20, 8, (UInt128)Before.MilliwattHours);
        form.Set(4, 0, 16, (UInt128)Share.Wei);
        form.Set(4, 16, 16, (UInt128)Tax.Wei);
        form.Set(5, Origin);
        return form;
    }
}
