using Busbar.Cryptography;
using Busbar.Domain.Notifications;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Indexing;
using Busbar.Node.Deliveries;
using Busbar.Node.Tests.Testing;
using NodaTime;

namespace Busbar.Node.Tests.Deliveries;

/// <summary>Who is told what of trades that really happened, with one node for all.</summary>
public sealed class MarketCausesTests(TradingVillage village) : IClassFixture<TradingVillage>
{
    [EngineFact]
    public async Task FirstCome_CallAcceptanceAndDelivery_AreTold()
    {
        var (seller, buyer) = await NeighboursAsync();
        var delivery = await village.TradeAsync(seller, buyer, energy: 1_000);
        await village.UntilAsync(delivery, one => one.Ended is not null);

        var told = await ToldAsync(seller, buyer);

        Assert.Equal(
            ["DeliveryPaid seller", "DeliveryReceived buyer", "DemandPosted microgrid", "DemandTaken buyer", "OfferAccepted seller"],
            told.Select(one => $"{one.Form.Message} {Whom(one, seller, buyer)}").Order(StringComparer.Ordinal), StringComparer.Ordinal);
        var received = told.Single(one => one.Form.Message == NotificationMessage.DeliveryReceived);
        Assert.Equal(("1000", "1000", ""), (received.Data["energy"], received.Data["bought"], received.Data["back"]));
        Assert.Equal($"/market/deliveries/{delivery.Id}", received.Form.PageOf(received.Data));
        Assert.Equal((delivery.Terms.Share + delivery.Terms.Tax).Wei.ToString(), received.Data["paid"]);
    }

    [EngineFact]
    public async Task Offer_IsTold_AndWhatNobodyTakesExpires()
    {
        var (seller, buyer) = await NeighboursAsync();
        await village.DemandAsync(buyer, energy: 1_000, isFirstCome: false);
        await village.OfferAsync(seller, buyer);
        village.Supply.Shift(Duration.FromDays(1));
        await village.DemandGoneAsync(buyer);

        var told = await ToldAsync(seller, buyer);

        Assert.Equal(
            ["DemandExpired buyer", "DemandPosted microgrid", "OfferMade buyer"],
            told.Select(one => $"{one.Form.Message} {Whom(one, seller, buyer)}").Order(StringComparer.Ordinal), StringComparer.Ordinal);
        // The share, and the highest tax of a twentieth.
        Assert.Equal("105000000000000", told.Single(one => one.Form.Message == NotificationMessage.DemandExpired).Data["locked"]);
    }

    private async Task<IReadOnlyList<Notification>> ToldAsync(Neighbour seller, Neighbour buyer)
    {
        var parts = village.Node.Parts;
        var causes = new MarketCauses(village.Node.Contracts.Market!, parts.Ledger!.Market);
        var told = new List<Notification>();
        var head = (await parts.Store!.Events.HeadAsync(default))!.Number;
        await foreach (var change in parts.Indexer!.ChangesAsync(EventPlace.Start, default))
        {
            if (change is not ChainChange.BlockAdded added)
                continue;
            foreach (var record in added.Events.Where(record => causes.IsOurs(record.Contract)))
                told.AddRange(causes.Of(new() { Address = record.Contract, Topics = record.Topics, Data = record.Data }, record, added.Block.Time));
            if (added.Block.Number >= head)
                break;
        }

        // Other tests trade at the same node.
        return [.. told.Where(one => Concerns(one, seller.Key.Address) || Concerns(one, buyer.Key.Address))];
    }

    private static bool Concerns(Notification told, Address account) =>
        told.Scope == new NotificationScope.Participant(account) || told.Data.GetValueOrDefault("account") == account.ToString();

    private static string Whom(Notification told, Neighbour seller, Neighbour buyer) => told.Scope switch
    {
        NotificationScope.Participant one when one.Address == seller.Key.Address => "seller",
        NotificationScope.Participant one when one.Address == buyer.Key.Address => "buyer",
        NotificationScope.Microgrid => "microgrid",
        _ => "somebody",
    };

    private async Task<(Neighbour Seller, Neighbour Buyer)> NeighboursAsync() =>
        (await village.NeighbourAsync(watts: -1020, ParticipantKind.Prosumer), await village.NeighbourAsync(watts: 1000, ParticipantKind.Consumer));
}
