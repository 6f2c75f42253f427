using System.Collections.Frozen;

namespace Busbar.Cli.Trade;

/// <summary>What the contracts' refusals mean for who trades, and what to do.</summary>
internal static class RefusalWords
{
    private static readonly FrozenDictionary<string, string> Words = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["MayNotBuy"] = "only consumers and prosumers buy here, and this account is neither; a regulator gives such a role",
        ["MayNotSell"] = "only producers and prosumers sell here, and the seller is neither now; a regulator gives such a role",
        ["Barred"] = "a meter of the buyer or the seller runs a firmware under an advisory; once it runs an approved one, this can be done",
        ["NoMeter"] = "no meter of this account counts trades in this microgrid; ask the operator for one",
        ["NoStore"] = "this microgrid has no store yet; a regulator opens it",
        ["EnergyTooLittle"] = "that is too little: trade at least 1 Wh, or all that is left",
        ["EnergyTooMuch"] = "that is more than one advert or demand may be of; make it smaller",
        ["PriceOutOfRange"] = "the price must be above nothing and at most the greatest price that the rules allow",
        ["ShareTooLittle"] = "it would cost less than a wei; take more energy, or a higher price",
        ["AlreadyPosted"] = "the very same stands already; wait a second and try again",
        ["AdvertNotLive"] = "this advert is sold, or its seller took it off; look for another one with busbar trade market",
        ["AdvertExpired"] = "the time of this advert is over; look for another one with busbar trade market",
        ["AdvertStillLive"] = "only its seller can take this advert off before its time is over",
        ["EnergyAboveAdvert"] = "less is left of this advert than that; take what is left",
        ["TotalAboveMaximum"] = "it comes to more than the most that was allowed; see what it costs now, and allow that with --most",
        ["OwnEnergy"] = "this is your own energy or your own demand; to use what you have in the store, draw it",
        ["WrongEnd"] = "a demand must end in the future, within 30 days",
        ["DemandNotLive"] = "this demand has been taken, or was taken back",
        ["DemandExpired"] = "the time of this demand is over",
        ["NotBuyer"] = "only who made this demand may do that",
        ["OfferAlreadyMade"] = "you have an offer to this demand already; take it back to make another",
        ["NoOffer"] = "there is no such offer, or it does not stand any more",
        ["OfferStands"] = "this offer still stands; only its seller can take it back",
        ["CreditTooLittle"] = "you have less free credit in the store than that; take adverts off, or take less",
        ["TooManyAdverts"] = "you have posted as many adverts as one may in three hours; wait until older ones are over",
        ["FreeTooLittle"] = "your free balance is too small for this; put coins in with deposit",
        ["NotUnderWay"] = "this delivery is over already",
        ["ZeroAmount"] = "the amount is nothing",
        ["NotOpen"] = "no such channel is open",
        ["NotPayer"] = "only the payer of this channel may do that",
        ["NotCloser"] = "only the payee, and who the payee named, may close this channel",
        ["PayeeIsPayer"] = "nobody pays themselves by a channel",
        ["PayeeCannotSign"] = "the payee cannot sign the payer's vouchers; name another signer",
        ["AlreadyOpen"] = "the very same channel was opened in this second; wait a second and try again",
        ["ChannelEnded"] = "the end of this channel has come; open another one",
        ["EndTooEarly"] = "the end must be later than now, and than it was",
        ["EndTooLate"] = "a channel ends within 366 days",
        ["CloseTooEarly"] = "a channel cannot be closed in the second of its opening; try again",
        ["CloseTooLate"] = "the 24 hours after the end are over; the payer takes everything back with reclaim",
        ["ReclaimTooEarly"] = "the payee may still close; everything can be taken back 24 hours after the end",
        ["WrongSigner"] = "the voucher is not of the channel's signer",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The words and the name; the name alone where there are none.</summary>
    public static string Of(string name) => Words.TryGetValue(name, out var words) ? $"{words} ({name})" : name;
}
