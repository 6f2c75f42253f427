namespace Busbar.Node.Market;

/// <summary>Why the ledger would refuse a trade: the contract's own names.</summary>
internal enum TradeRefusal
{
    /// <summary>Nothing stands against it.</summary>
    None,

    /// <summary>The account takes no part as a consumer or prosumer.</summary>
    MayNotBuy,

    /// <summary>The account takes no part as a producer or prosumer.</summary>
    MayNotSell,

    /// <summary>A meter of the buyer or the seller runs a firmware under an advisory.</summary>
    Barred,

    /// <summary>No meter of the account counts its trades there.</summary>
    NoMeter,

    /// <summary>The microgrid has no store.</summary>
    NoStore,

    /// <summary>Less than a watt-hour.</summary>
    EnergyTooLittle,

    /// <summary>More than one advert or demand may be of.</summary>
    EnergyTooMuch,

    /// <summary>No price, or one above the ceiling.</summary>
    PriceOutOfRange,

    /// <summary>It would cost less than a wei.</summary>
    ShareTooLittle,

    /// <summary>The advert is sold or was taken off.</summary>
    AdvertNotLive,

    /// <summary>The advert's life is over.</summary>
    AdvertExpired,

    /// <summary>Less is left of the advert.</summary>
    EnergyAboveAdvert,

    /// <summary>One's own advert or demand.</summary>
    OwnEnergy,

    /// <summary>The demand was taken or closed.</summary>
    DemandNotLive,

    /// <summary>The demand's time is over.</summary>
    DemandExpired,

    /// <summary>The seller's offer stands already.</summary>
    OfferAlreadyMade,

    /// <summary>The demand is another's.</summary>
    NotBuyer,

    /// <summary>The demand ends too soon or too late.</summary>
    WrongEnd,

    /// <summary>Less credit in the store is free.</summary>
    CreditTooLittle,

    /// <summary>Less coin in the vault is free.</summary>
    FreeTooLittle,
}
