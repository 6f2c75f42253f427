using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Trading;
using NodaTime;

namespace Busbar.Node.Market;

/// <summary>
/// What the contracts would refuse, told before anybody signs, in their order; the ledger alone decides. Where nobody is signed in, only
/// what holds for everybody is judged.
/// </summary>
/// <param name="ledger">What stands on it.</param>
/// <param name="now">When.</param>
internal sealed class TradeJudge(LedgerView ledger, Instant now)
{
    /// <summary>The least that can be traded: <c>Board.LEAST_ENERGY</c>.</summary>
    public static readonly Energy Least = Energy.FromMilliwattHours(1_000);

    /// <summary>The most of one advert or demand: <c>Board.MOST_ENERGY</c>.</summary>
    public static readonly Energy Most = Energy.FromMilliwattHours(100_000_000_000);

    /// <summary>The longest life of a demand: <c>DEMAND_LIFE</c>.</summary>
    public static readonly Duration DemandLife = Duration.FromDays(30);

    private readonly MarketView _market = ledger.Market;

    /// <summary>Whether an advert is for sale: also one that the ledger, whose clock may be a little ahead, says is of a moment to come.</summary>
    public static bool IsOnSale(BoardAdvert advert, Instant now) => advert.Closed is null && now < advert.Terms.Price.End;

    /// <summary>Whether an account may buy at all.</summary>
    public TradeRefusal Buying(Address account) =>
        RoleOf(account) is not (ParticipantRole.Consumer or ParticipantRole.Prosumer) ? TradeRefusal.MayNotBuy
        : IsBarred(account) ? TradeRefusal.Barred
        : _market.Trader(account)?.Meter is null ? TradeRefusal.NoMeter
        : TradeRefusal.None;

    /// <summary>Whether an account may sell at all.</summary>
    public TradeRefusal Selling(Address account) =>
        RoleOf(account) is not (ParticipantRole.Producer or ParticipantRole.Prosumer) ? TradeRefusal.MayNotSell
        : IsBarred(account) ? TradeRefusal.Barred
        : TradeRefusal.None;

    /// <summary>Buying so much of an advert.</summary>
    public TradeRefusal Buy(BoardAdvert advert, Energy energy, Coin share, Coin total, Address? buyer)
    {
        var seller = advert.Terms.Seller;
        if (advert.Closed is not null)
            return TradeRefusal.AdvertNotLive;
        if (!IsOnSale(advert, now))
            return TradeRefusal.AdvertExpired;
        if (energy > advert.Left)
            return TradeRefusal.EnergyAboveAdvert;
        if (energy < Least && energy != advert.Left)
            return TradeRefusal.EnergyTooLittle;
        if (Selling(seller) is var refused and not TradeRefusal.None)
            return refused;
        if (share == Coin.Zero)
            return TradeRefusal.ShareTooLittle;
        if (buyer is not { } account)
            return TradeRefusal.None;
        return account == seller ? TradeRefusal.OwnEnergy
            : Buying(account) is var barred and not TradeRefusal.None ? barred
            : !IsIn(account, advert.Terms.Microgrid) ? TradeRefusal.NoMeter
            : FreeOf(account) < total ? TradeRefusal.FreeTooLittle
            : TradeRefusal.None;
    }

    /// <summary>Advertising from credit.</summary>
    public TradeRefusal Advertise(MicrogridId microgrid, Energy energy, Price price, Address? seller) =>
        Post(energy, price) is var refused and not TradeRefusal.None ? refused
        : seller is not { } account ? TradeRefusal.None
        : Selling(account) is var barred and not TradeRefusal.None ? barred
        : FromStore(microgrid, energy, account);

    /// <summary>Posting a demand.</summary>
    public TradeRefusal Demand(DemandTerms terms, Address? buyer)
    {
        if (Post(terms.Energy, terms.Price) is var refused and not TradeRefusal.None)
            return refused;
        if (terms.Until <= now || terms.Until > now + DemandLife)
            return TradeRefusal.WrongEnd;
        if (terms.Share == Coin.Zero)
            return TradeRefusal.ShareTooLittle;
        if (buyer is not { } account)
            return TradeRefusal.None;
        // The contract takes the demand of somebody without a meter; nobody can ever deliver to it.
        return Buying(account) is var barred and not TradeRefusal.None ? barred
            : !IsIn(account, terms.Microgrid) ? TradeRefusal.NoMeter
            : FreeOf(account) < terms.Locked ? TradeRefusal.FreeTooLittle
            : TradeRefusal.None;
    }

    /// <summary>Offering to sell what a demand asks for, from the store or directly.</summary>
    public TradeRefusal Offer(BoardDemand demand, bool isStored, Address seller)
    {
        if (Live(demand) is var over and not TradeRefusal.None)
            return over;
        if (demand.Offers.Any(offer => offer.Seller == seller))
            return TradeRefusal.OfferAlreadyMade;
        if (Selling(seller) is var barred and not TradeRefusal.None)
            return barred;
        return seller == demand.Terms.Buyer ? TradeRefusal.OwnEnergy
            : isStored ? FromStore(demand.Terms.Microgrid, demand.Terms.Energy, seller)
            : IsIn(seller, demand.Terms.Microgrid) ? TradeRefusal.None
            : TradeRefusal.NoMeter;
    }

    /// <summary>Accepting an offer to a demand.</summary>
    public TradeRefusal Accept(BoardDemand demand, Address buyer) =>
        buyer != demand.Terms.Buyer ? TradeRefusal.NotBuyer
        : Live(demand) is var over and not TradeRefusal.None ? over
        : Buying(buyer) is var barred and not TradeRefusal.None ? barred
        : IsIn(buyer, demand.Terms.Microgrid) ? TradeRefusal.None
        : TradeRefusal.NoMeter;

    /// <summary>What an account has free in the vault.</summary>
    public Coin FreeOf(Address account) => ledger.Money.Vault.Find(account).Free;

    /// <summary>As what an account takes part.</summary>
    public ParticipantRole RoleOf(Address account) => ledger.Offices.Members.Find(account)?.Role ?? ParticipantRole.None;

    private TradeRefusal Post(Energy energy, Price price) =>
        energy < Least ? TradeRefusal.EnergyTooLittle
        : energy > Most ? TradeRefusal.EnergyTooMuch
        : price.IsZero || (_market.Terms is { } terms && price > terms.Ceiling) ? TradeRefusal.PriceOutOfRange
        : TradeRefusal.None;

    private TradeRefusal Live(BoardDemand demand) =>
        demand.Closed is not null ? TradeRefusal.DemandNotLive
        : demand.IsLiveAt(now) ? TradeRefusal.None
        : TradeRefusal.DemandExpired;

    private TradeRefusal FromStore(MicrogridId microgrid, Energy energy, Address seller) =>
        _market.Stores.All(store => store.Microgrid != microgrid) ? TradeRefusal.NoStore
        : _market.Credit(microgrid, seller).Free < energy ? TradeRefusal.CreditTooLittle
        : TradeRefusal.None;

    private bool IsIn(Address account, MicrogridId microgrid) =>
        _market.Trader(account) is { Meter: not null } trader && trader.Microgrid == microgrid;

    private bool IsBarred(Address account) =>
        ledger.Offices.Meters.Of(account).Any(meter => ledger.Offices.Meters.AdvisoryAgainst(meter.Registration.Meter, now) is not null);
}
