using System.Globalization;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Contracts;
using Busbar.Node.Deliveries;
using Busbar.Node.Tests.Billing;
using Busbar.Node.Tests.Testing;
using NodaTime;

namespace Busbar.Node.Tests.Market;

/// <summary>The market over HTTP, held to what the contracts themselves say on a real node.</summary>
[Collection(MarketRoom.Name)]
public sealed class MarketApiTests(MarketVillage village)
{
    private static readonly UInt128 Price = 100_000_000_000_000_000;

    [EngineFact]
    public async Task Market_Asked_RulesForAllAndTheStandingForTheCallerAlone()
    {
        await village.StreetAsync();
        var public_ = await BilledVillage.TakeAsync(village.Nobody, "market");
        Assert.Equal(JsonValueKind.Null, public_.GetProperty("trader").ValueKind);
        Assert.Equal([200, 300, 500], public_.GetProperty("terms").GetProperty("tax").EnumerateArray().Select(slab => slab.GetProperty("share").GetInt32()));
        var store = Assert.Single(public_.GetProperty("stores").EnumerateArray());
        Assert.Equal((village.Street.Store.Id.Key.ToString(), "1000000"), (Text(store, "meter"), Text(store, "minimumMwh")));
        Assert.Equal(MarketStreet.Credited, Number(store, "creditMwh"));

        var seller = (await BilledVillage.TakeAsync(village.Seller, "market")).GetProperty("trader");
        Assert.Equal(("Prosumer", JsonValueKind.Null), (Text(seller, "role"), seller.GetProperty("mayNotSell").ValueKind));
        var credit = Assert.Single(seller.GetProperty("credits").EnumerateArray());
        Assert.Equal(MarketStreet.Credited, Number(credit, "freeMwh") + Number(credit, "committedMwh"));
        var buyer = (await BilledVillage.TakeAsync(village.Buyer, "market")).GetProperty("trader");
        Assert.Equal(("MayNotSell", JsonValueKind.Null), (Text(buyer, "mayNotSell"), buyer.GetProperty("mayNotBuy").ValueKind));
        Assert.NotEqual("0", Text(buyer, "freeWei"), StringComparer.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await BilledVillage.TakeAsync(village.Auditor, "market")).GetProperty("trader").ValueKind);
    }

    [EngineFact]
    public async Task Advert_QuotedAndBought_ToTheWeiAndNotForOneLess()
    {
        var community = (await village.StreetAsync()).Community;
        var advert = await village.AdvertiseAsync(4_000, Price);
        Assert.Equal(("live", "4000", "4000"), (Text(advert, "state"), Text(advert, "energyMwh"), Text(advert, "leftMwh")));
        var next = advert.GetProperty("next");
        Assert.Equal((Price / 10 * 11).ToString(CultureInfo.InvariantCulture), Text(next, "priceWei"));
        var id = Text(advert, "id");

        var quote = await BilledVillage.TakeAsync(village.Buyer, $"market/adverts/{id}/quote?energyMwh=3000");
        var (share, tax) = await Board.QuoteAsync(
            community.Node.Chain.Client, village.Street.Board, MarketVillage.Words(advert), 3_000, village.Street.Buyer.Address, BlockTag.Latest, default);
        Assert.Equal((share.ToString(CultureInfo.InvariantCulture), tax.ToString(CultureInfo.InvariantCulture)), (Text(quote, "shareWei"), Text(quote, "taxWei")));
        Assert.Equal(Number(quote, "taxWei"), quote.GetProperty("tax").EnumerateArray().Sum(slab => Number(slab, "taxWei")));
        Assert.Equal(JsonValueKind.Null, quote.GetProperty("refusal").ValueKind);
        Assert.Equal(Text(next, "at"), Text(quote, "holdsUntil"));
        var most = UInt128.Parse(Text(quote, "mostWei"), CultureInfo.InvariantCulture);
        Assert.Contains("TotalAboveMaximum", await village.Street.RefusalAsync(village.Street.Buyer, Board.EncodeBuy(MarketVillage.Words(advert), 3_000, most - 1)), StringComparison.Ordinal);
        var hash = await village.BuyAsync(advert, 3_000, most);

        var left = await BilledVillage.TakeAsync(village.Nobody, $"market/adverts/{id}");
        Assert.Equal(("1000", "live"), (Text(left, "leftMwh"), Text(left, "state")));
        var trade = (await BilledVillage.TakeAsync(village.Buyer, "market/deliveries?whose=own&stage=open&limit=200")).GetProperty("items").EnumerateArray()
            .Single(row => Text(row.GetProperty("place"), "transaction") == hash);
        Assert.Equal(("advert", id, "3000", "underWay"), (Text(trade, "kind"), Text(trade, "origin"), Text(trade, "energyMwh"), Text(trade, "stage")));
        Assert.Equal((Text(quote, "shareWei"), Text(quote, "taxWei")), (Text(trade, "shareWei"), Text(trade, "taxWei")));
        var bought = (await BilledVillage.TakeAsync(village.Buyer, "market")).GetProperty("trader");
        Assert.True(Number(bought, "boughtTodayMwh") >= 3_000);
    }

    [EngineTheory]
    [InlineData("999", "EnergyTooLittle")]
    [InlineData("4001", "EnergyAboveAdvert")]
    public async Task Quote_OfWhatTheLedgerRefuses_ItsOwnName(string energy, string refusal)
    {
        await village.StreetAsync();
        var advert = await village.AdvertiseAsync(4_000, Price);
        var quote = await BilledVillage.TakeAsync(village.Buyer, $"market/adverts/{Text(advert, "id")}/quote?energyMwh={energy}");
        Assert.Equal(refusal, Text(quote, "refusal"));
        var call = Board.EncodeBuy(MarketVillage.Words(advert), ulong.Parse(energy, CultureInfo.InvariantCulture), UInt128.MaxValue);
        Assert.Contains(refusal, await village.Street.RefusalAsync(village.Street.Buyer, call), StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Quote_OfWhoMayNot_TheLedgersOwnName()
    {
        await village.StreetAsync();
        var advert = await village.AdvertiseAsync(2_000, Price);
        var place = $"market/adverts/{Text(advert, "id")}/quote?energyMwh=2000";
        foreach (var (client, key, refusal) in new[] { (village.Seller, village.Street.Seller, "OwnEnergy"), (village.Poor, village.Street.Poor, "FreeTooLittle") })
        {
            Assert.Equal(refusal, Text(await BilledVillage.TakeAsync(client, place), "refusal"));
            Assert.Contains(
                refusal, await village.Street.RefusalAsync(key, Board.EncodeBuy(MarketVillage.Words(advert), 2_000, UInt128.MaxValue)), StringComparison.Ordinal);
        }

        Assert.Equal(JsonValueKind.Null, (await BilledVillage.TakeAsync(village.Nobody, place)).GetProperty("refusal").ValueKind);
    }

    [EngineTheory]
    [InlineData("market/adverts?order=best")]
    [InlineData("market/adverts?cursor=12")]
    [InlineData("market/adverts?whose=theirs")]
    [InlineData("market/adverts?maxPriceWei=-1")]
    [InlineData("market/adverts?leastMwh=1.5")]
    [InlineData("market/demands?leastMwh=x")]
    [InlineData("market/deliveries?stage=over")]
    [InlineData("market/deliveries?cursor=x")]
    [InlineData("market/quotes/advert?energyMwh=0&priceWei=1")]
    [InlineData("market/quotes/advert?energyMwh=1000&priceWei=0")]
    [InlineData("market/quotes/demand?energyMwh=100000000001&priceWei=1")]
    [InlineData("market/quotes/demand?energyMwh=1000&priceWei=1&until=soon")]
    [InlineData("market/prices?from=2026-06-21T00:00:00Z&to=2026-06-22T00:00:00Z&step=year")]
    [InlineData("market/prices?from=2026-06-22T00:00:00Z&to=2026-06-22T00:00:00Z&step=hour")]
    [InlineData("market/prices?from=2020-06-22T00:00:00Z&to=2026-06-22T00:00:00Z&step=hour")]
    public async Task Question_OfWhatIsNone_RefusedByName(string place)
    {
        await village.StreetAsync();
        Assert.Equal((400, "BadRequest"), await Api.Village.RefusalAsync(village.Buyer, place));
    }

    [EngineFact]
    public async Task Question_OfWhatNeverWas_NotFoundAndOfOnesOwnOnlySignedIn()
    {
        await village.StreetAsync();
        var none = $"0x{new string('0', 63)}1";
        foreach (var place in new[] { $"market/adverts/{none}", $"market/adverts/{none}/quote?energyMwh=1", $"market/demands/{none}", $"market/demands/{none}/quote", $"market/deliveries/{none}" })
            Assert.Equal((404, "NotFound"), await Api.Village.RefusalAsync(village.Nobody, place));
        foreach (var place in new[] { "market/adverts?whose=own", "market/demands?whose=own", "market/deliveries?whose=own", "market/deliveries.csv?whose=own" })
            Assert.Equal((401, "SignInFirst"), await Api.Village.RefusalAsync(village.Nobody, place));
        Assert.Empty((await BilledVillage.TakeAsync(village.Auditor, "market/deliveries?whose=own")).GetProperty("items").EnumerateArray());
    }

    [EngineFact]
    public async Task Adverts_PagedThrough_InOrderEachOnceAndFiltered()
    {
        await village.StreetAsync();
        foreach (var (energy, tenths) in new[] { (1_500UL, 3UL), (2_500UL, 1UL), (1_200UL, 2UL) })
            await village.AdvertiseAsync(energy, (UInt128)(tenths * 100_000_000_000_000_001));
        var all = await PagesAsync("market/adverts?limit=2");
        Assert.Equal(all.ConvertAll(row => Wei(row, "priceWei")).Order(), all.ConvertAll(row => Wei(row, "priceWei")));
        Assert.Equal(all.Count, all.Select(row => Text(row, "id")).ToHashSet(StringComparer.Ordinal).Count);
        Assert.Equal(all.Count, (await BilledVillage.TakeAsync(village.Nobody, "market")).GetProperty("adverts").GetInt32());
        var newest = (await PagesAsync("market/adverts?limit=1&order=newest")).ConvertAll(row => Text(row, "posted"));
        Assert.Equal(newest.OrderDescending(StringComparer.Ordinal), newest, StringComparer.Ordinal);
        Assert.Equal(all.Count, newest.Count);
        var ending = (await PagesAsync("market/adverts?limit=2&order=ending")).ConvertAll(row => Text(row, "end"));
        Assert.Equal(ending.Order(StringComparer.Ordinal), ending, StringComparer.Ordinal);
        var cheap = await PagesAsync("market/adverts?limit=200&maxPriceWei=100000000000000001&leastMwh=2500");
        var expected = all.Where(row => Wei(row, "priceWei") <= 100_000_000_000_000_001 && Number(row, "leftMwh") >= 2_500);
        Assert.Equal(expected.Select(row => Text(row, "id")), cheap.Select(row => Text(row, "id")), StringComparer.Ordinal);
        Assert.Contains(cheap, row => Text(row, "leftMwh") == "2500");
        Assert.Empty(await PagesAsync("market/adverts?microgrid=2"));
    }

    [EngineFact]
    public async Task Demand_PostedOfferedAndAccepted_QuotedAtEachStep()
    {
        await village.StreetAsync();
        var until = Uri.EscapeDataString(Busbar.Node.Api.Forms.Text(village.Community.Now + Duration.FromDays(1)));
        var place = $"market/quotes/demand?energyMwh=5000&priceWei={Price}&until={until}";
        var quote = await BilledVillage.TakeAsync(village.Buyer, place);
        Assert.Equal(("500000000000000", "525000000000000"), (Text(quote, "shareWei"), Text(quote, "lockedWei")));
        Assert.Equal("FreeTooLittle", Text(await BilledVillage.TakeAsync(village.Poor, place), "refusal"));
        Assert.Equal("WrongEnd", Text(await BilledVillage.TakeAsync(village.Buyer, place.Replace(until, "2026-01-01T00:00:00Z", StringComparison.Ordinal)), "refusal"));
        var end = (ulong)(village.Community.Now + Duration.FromDays(1)).ToUnixTimeSeconds();
        var hash = (await village.Street.DemandsAsync(village.Street.Buyer, Demands.EncodeDemand(1, 5_000, Price, end, false))).ToString();
        var demand = (await PagesAsync("market/demands?limit=1")).Single(row => Text(row.GetProperty("place"), "transaction") == hash);
        Assert.Equal(("live", "525000000000000", false), (Text(demand, "state"), Text(demand, "lockedWei"), demand.GetProperty("firstCome").GetBoolean()));
        var quoted = $"market/demands/{Text(demand, "id")}/quote";
        Assert.Equal("MayNotSell", Text(await BilledVillage.TakeAsync(village.Buyer, quoted), "stored"));
        Assert.Equal("NotBuyer", Text(await BilledVillage.TakeAsync(village.Seller, quoted), "accept"));
        Assert.Equal(JsonValueKind.Null, (await BilledVillage.TakeAsync(village.Seller, quoted)).GetProperty("stored").ValueKind);

        var words = MarketVillage.Words(demand);
        await village.Street.DemandsAsync(village.Street.Seller, Demands.EncodeOfferToSell(words, direct: false));
        var offered = await BilledVillage.TakeAsync(village.Seller, quoted);
        Assert.Equal("OfferAlreadyMade", Text(offered, "stored"));
        var offer = Assert.Single((await BilledVillage.TakeAsync(village.Nobody, $"market/demands/{Text(demand, "id")}")).GetProperty("offers").EnumerateArray());
        Assert.Equal((village.Street.Seller.Address.ToString(), true), (Text(offer, "seller"), offer.GetProperty("stored").GetBoolean()));
        await village.Street.DemandsAsync(village.Street.Buyer, Demands.EncodeAccept(words, village.Street.Seller.Address));

        var taken = await BilledVillage.TakeAsync(village.Nobody, $"market/demands/{Text(demand, "id")}");
        Assert.Equal("taken", Text(taken, "state"));
        var trade = await BilledVillage.TakeAsync(village.Nobody, $"market/deliveries/{Text(taken, "delivery")}");
        Assert.Equal(("demand", Text(demand, "id"), Text(offered, "taxWei")), (Text(trade, "kind"), Text(trade, "origin"), Text(trade, "taxWei")));
        Assert.Equal("DemandNotLive", Text(await BilledVillage.TakeAsync(village.Seller, quoted), "direct"));
    }

    [EngineFact]
    public async Task Delivery_UnderWay_LiveForItsPartiesAndThoseWhoAnswerForAllAlone()
    {
        var community = (await village.StreetAsync()).Community;
        var advert = await village.AdvertiseAsync(1_000, Price);
        var hash = await village.BuyAsync(advert, 1_000, UInt128.MaxValue);
        var id = Text(
            (await BilledVillage.TakeAsync(village.Nobody, "market/deliveries?stage=open&limit=1")).GetProperty("items").EnumerateArray()
                .Single(row => Text(row.GetProperty("place"), "transaction") == hash),
            "id");
        var now = community.Now;
        var running = new SideStanding(village.Street.Store.Id, SideStage.Running, now, 224, Energy.FromMilliwattHours(12_444), StopReason.None, null);
        var stopped = running with { Stage = SideStage.Stopped, Reason = StopReason.PowerFailed, Trouble = "it went dark" };
        community.Node.Parts.Standings = new OneStanding(new(Hash256.Parse(id), running, stopped, "the ledger is away"));
        try
        {
            foreach (var client in new[] { village.Buyer, village.Seller, village.Auditor })
            {
                var live = (await BilledVillage.TakeAsync(client, $"market/deliveries/{id}")).GetProperty("live");
                Assert.Equal(("running", 224, "12444"), (Text(live.GetProperty("source"), "stage"), live.GetProperty("source").GetProperty("seconds").GetInt64(), Text(live.GetProperty("source"), "energyMwh")));
                Assert.Equal(("powerFailed", "the ledger is away"), (Text(live.GetProperty("sink"), "reason"), Text(live, "trouble")));
            }

            foreach (var client in new[] { village.Nobody, village.Poor })
            {
                var row = await BilledVillage.TakeAsync(client, $"market/deliveries/{id}");
                Assert.Equal((JsonValueKind.Null, "1000"), (row.GetProperty("live").ValueKind, Text(row, "energyMwh")));
            }
        }
        finally
        {
            community.Node.Parts.Standings = null;
        }
    }

    [EngineFact]
    public async Task Trades_AsTablesAndPrices_TheirSumsAreThoseOfTheLedger()
    {
        var community = (await village.StreetAsync()).Community;
        await village.BuyAsync(await village.AdvertiseAsync(1_000, Price), 1_000, UInt128.MaxValue);
        await village.BuyAsync(await village.AdvertiseAsync(3_000, Price * 2), 3_000, UInt128.MaxValue);
        var all = community.Node.Parts.Ledger!.Market.Deliveries;
        var prices = await BilledVillage.TakeAsync(village.Nobody, "market/prices?from=2026-06-21T00:00:00Z&to=2026-06-24T00:00:00Z&step=day");
        var rows = prices.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(3, rows.Count);
        Assert.Equal((all.Count, all.Sum(one => one.Terms.Energy.MilliwattHours)), (rows.Sum(row => row.GetProperty("trades").GetInt32()), rows.Sum(row => Number(row, "energyMwh"))));
        var busy = rows.Single(row => row.GetProperty("trades").GetInt32() > 0);
        Assert.True(Wei(busy, "lowestWei") <= Wei(busy, "averageWei") && Wei(busy, "averageWei") <= Wei(busy, "highestWei"));
        Assert.Equal((Price, Price * 2), (Wei(busy, "lowestWei"), Wei(busy, "highestWei")));
        Assert.Single((await BilledVillage.TakeAsync(village.Nobody, "market/prices?from=2026-06-22T00:00:00Z&to=2026-06-23T00:00:00Z&step=week")).GetProperty("rows").EnumerateArray());

        using var csv = await village.Buyer.GetAsync("market/deliveries.csv?whose=own");
        var lines = (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(("text/csv", all.Count + 1), (csv.Content.Headers.ContentType?.MediaType, lines.Length));
        Assert.Contains(all[^1].Opened.Transaction.ToString(), lines[1], StringComparison.Ordinal);
        using var table = await village.Nobody.GetAsync("market/prices.csv?from=2026-06-21T00:00:00Z&to=2026-06-24T00:00:00Z&step=day");
        Assert.Equal(4, (await table.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        var pages = await PagesAsync("market/deliveries?limit=1");
        Assert.Equal(all.Reverse().Select(one => one.Id.ToString()), pages.Select(row => Text(row, "id")), StringComparer.Ordinal);
    }

    [EngineFact]
    public async Task QuoteOfAnAdvert_HourByHour_AsThePriceRises()
    {
        await village.StreetAsync();
        var quote = await BilledVillage.TakeAsync(village.Seller, $"market/quotes/advert?energyMwh=1000&priceWei={Price}");
        Assert.Equal(
            ["100000000000000", "110000000000000", "120000000000000"],
            quote.GetProperty("hours").EnumerateArray().Select(hour => Text(hour, "shareWei")).ToList());
        Assert.Equal(JsonValueKind.Null, quote.GetProperty("refusal").ValueKind);
        foreach (var (energy, price, refusal) in new[] { ("999", Price, "EnergyTooLittle"), ("90000000", Price, "CreditTooLittle"), ("1000", UInt128.MaxValue >> 32, "PriceOutOfRange") })
            Assert.Equal(refusal, Text(await BilledVillage.TakeAsync(village.Seller, $"market/quotes/advert?energyMwh={energy}&priceWei={price}"), "refusal"));
        Assert.Equal("NoStore", Text(await BilledVillage.TakeAsync(village.Seller, $"market/quotes/advert?microgrid=2&energyMwh=1000&priceWei={Price}"), "refusal"));
        Assert.Equal("MayNotSell", Text(await BilledVillage.TakeAsync(village.Buyer, $"market/quotes/advert?energyMwh=1000&priceWei={Price}"), "refusal"));
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static long Number(JsonElement row, string name) => long.Parse(Text(row, name), CultureInfo.InvariantCulture);

    private static UInt128 Wei(JsonElement row, string name) => UInt128.Parse(Text(row, name), CultureInfo.InvariantCulture);

    private async Task<List<JsonElement>> PagesAsync(string path)
    {
        var (items, next) = (new List<JsonElement>(), (string?)"");
        while (next is not null)
        {
            var page = await BilledVillage.TakeAsync(village.Nobody, next.Length == 0 ? path : $"{path}&cursor={next}");
            items.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }

        return items;
    }

    private sealed class OneStanding(DeliveryStanding standing) : IDeliveryStandings
    {
        public DeliveryStanding? Of(Hash256 id) => id == standing.Id ? standing : null;
    }
}
