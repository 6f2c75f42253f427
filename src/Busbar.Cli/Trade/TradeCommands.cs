using System.CommandLine;

namespace Busbar.Cli.Trade;

/// <summary>The verbs of trade, the same for a person and for a device.</summary>
internal static class TradeCommands
{
    /// <summary><c>busbar trade</c>: a person with an Ethereum keystore file.</summary>
    public static Command OfPerson() =>
        Of(new PersonKind(), "Trades energy with neighbours: looks at the market, and signs with your Ethereum keystore file.", StoreDeeds.Open());

    /// <summary><c>busbar device trade</c>: a device with its own key; a meter may run in the same folder meanwhile.</summary>
    public static Command OfDevice() => Of(new DeviceKind(), "A device trades by itself: signs with its own key. Nobody is asked.");

    private static Command Of(TraderKind kind, string description, params DeedVerb[] own)
    {
        DeedVerb[] market =
        [
            AdvertDeeds.Sell(), AdvertDeeds.Withdraw(), AdvertDeeds.Buy(), DemandDeeds.Request(), DemandDeeds.TakeBack(),
            DemandDeeds.Offer(), DemandDeeds.TakeOfferBack(), DemandDeeds.Accept(), AdvertDeeds.Draw(), AdvertDeeds.Free(),
        ];
        var trade = new Command("trade", description);
        foreach (var reading in MarketReadings.All(kind))
            trade.Subcommands.Add(reading);
        trade.Subcommands.Add(QuoteCommand.Create(kind, market));
        foreach (var verb in market.Concat([MoneyDeeds.Deposit(), MoneyDeeds.Withdraw(), MoneyDeeds.Send(), .. own]))
            trade.Subcommands.Add(ActCommand.Create(kind, verb));
        trade.Subcommands.Add(ActCommand.CreateResume(kind));
        trade.Subcommands.Add(ChannelReadings.List(kind));
        var channel = new Command("channel", "Pays as energy flows: a channel to a neighbour.");
        foreach (var verb in ChannelDeeds.All())
            channel.Subcommands.Add(ActCommand.Create(kind, verb));
        trade.Subcommands.Add(channel);
        return trade;
    }
}
