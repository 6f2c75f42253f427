using static Busbar.Node.Api.Describing.Sample;

namespace Busbar.Node.Api.Describing;

/// <content>House 3 sells four kilowatt-hours out of the store, and house 7 buys half of them.</content>
internal static partial class Examples
{
    private const string Price = "100000000000000000";
    private const string RisenPrice = "110000000000000000";

    private static string Seller => AddressOf("household of house 3");

    private static string StoreMeter => AddressOf("store of Neem Lane");

    private static IReadOnlyList<string> Words => [HashOf("first word"), HashOf("second word"), HashOf("third word")];

    private static IReadOnlyList<TaxSlabDocument> Slabs => [new("2000000", 200, "4000000000000000")];

    private static LiveSideDocument Side(string meter) => new(meter, "running", Now, 224, "12444", null, null);

    private static object[] OfMarket() =>
    [
        new MarketDocument(
            new([new("5000000", 200), new("20000000", 300), new(null, 500)], 200, 10_800, 86_400, "1000000000000000000", 1_000, 10_800, 2_592_000, "1000", "100000000000"),
            [new(1, StoreMeter, Start, "312000000", "1000000", "1000000000", "688000000", "298000000", 1_000)],
            14,
            3,
            2,
            new(
                Account, "Prosumer", Meter, 1, "5000000000000000000", "0", NextDay, null, null,
                [new(1, "8200000", "1000000")])),
        new AdvertRow(
            HashOf("an advert"), Seller, 1, "live", "4000000", "2000000", Price, Price, new(End, RisenPrice), Start, Later, "200000000000000000",
            "4000000000000000", "204000000000000000", Words, Place, null),
        new DemandRow(
            HashOf("a demand"), Account, 1, "live", "4000000", Price, "400000000000000000", "420000000000000000", false, Start, Later,
            [new(Seller, true, Place)], [HashOf("first word"), HashOf("second word")], null, Place, null),
        new PurchaseQuoteDocument(
            HashOf("an advert"), "2000000", Price, "200000000000000000", Slabs, "4000000000000000", "204000000000000000", "204000000000000000", End, "0", null),
        new AdvertQuoteDocument([new(Start, Price, "400000000000000000"), new(End, RisenPrice, "440000000000000000")], Later, "8200000", null),
        new DemandQuoteDocument(
            "400000000000000000", "20000000000000000", "420000000000000000", [new("4000000", 200, "8000000000000000")], "8000000000000000", Later, null),
        new OfferQuoteDocument(
            "400000000000000000", [new("4000000", 200, "8000000000000000")], "8000000000000000", "12000000000000000", null, "NoMeter", "NotBuyer"),
        new TradeRow(
            HashOf("a delivery"), "advert", HashOf("an advert"), Seller, Account, 1, StoreMeter, Meter, true, "2000000", Price, "200000000000000000",
            "4000000000000000", Start, Later, Later, "underWay", "0", "0", "0", null, null, Words, Place, null, new(Side(StoreMeter), Side(Meter), null)),
        new PricesDocument("hour", "Asia/Kolkata", [new(Start, End, 1, "2000000", "0", Price, Price, Price)]),
    ];
}
