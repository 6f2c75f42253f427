using static Busbar.Node.Api.Describing.Sample;

namespace Busbar.Node.Api.Describing;

/// <content>A channel in which ten blocks were paid for.</content>
internal static partial class Examples
{
    private static ChannelRow Channel => new(
        HashOf("a channel"),
        Account,
        AddressOf("household of house 3"),
        Meter,
        "100000000000000000",
        Start,
        Later,
        Later,
        "open",
        "50000000000000000",
        "10000000000000000",
        "100000",
        Signature,
        "110000",
        "90000",
        true,
        null,
        null,
        Place);

    private static object[] OfChannels() =>
    [
        Channel,
        new ChannelPage(AddressOf("contract Channels"), Operator, "10000", [Channel], null),
        new ChannelEndingDocument("10000000000000000", "40000000000000000", "100000", Place),
        new VoucherForm { TotalWei = "10000000000000000", EnergyMwh = "100000", Signature = Signature },
        new VoucherAnswer("10000000000000000", "100000", "110000"),
    ];
}
