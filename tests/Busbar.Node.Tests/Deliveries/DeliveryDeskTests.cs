using System.Diagnostics;
using Busbar.Domain.Quantities;
using Busbar.Domain.Supply;
using Busbar.Domain.Trading;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Trading;
using Busbar.Node.Deliveries;
using Busbar.Node.Tests.Testing;
using NodaTime;

namespace Busbar.Node.Tests.Deliveries;

/// <summary>From a purchase on the ledger over real devices to what is paid for it, with one node for all.</summary>
public sealed class DeliveryDeskTests(TradingVillage village) : IClassFixture<TradingVillage>
{
    private const long WattHour = 1_000;

    [EngineFact]
    public async Task Bought_BothMetersCount_PaidForExactlyThat()
    {
        var (seller, buyer) = await NeighboursAsync();
        var before = (Seller: await village.FreeAsync(seller), Buyer: await village.FreeAsync(buyer));

        var delivery = await village.TradeAsync(seller, buyer, 2 * WattHour);
        var ended = await village.UntilAsync(delivery, one => one.Ended is not null);

        Assert.Equal((DeliveryStage.Settled, 2 * WattHour), (ended.Stage, ended.Delivered.MilliwattHours));
        Assert.Equal(ended.Terms.Share, ended.PaidShare);
        Assert.Equal(Coin.Zero, ended.Refunded);
        Assert.Equal(before.Seller + ended.PaidShare, await village.FreeAsync(seller));
        Assert.Equal(before.Buyer - ended.PaidShare - ended.PaidTax, await village.FreeAsync(buyer));
        var standing = village.Desk.Of(delivery.Id)!;
        Assert.Equal((SideStage.Stopped, StopReason.AmountReached), (standing.Sink.Stage, standing.Sink.Reason));
        Assert.Equal(2 * WattHour, standing.Sink.Energy.MilliwattHours);
        Assert.InRange(standing.Sink.Seconds, 6, 20);
        await TradingVillage.ForgottenAsync(seller, buyer);
    }

    [EngineFact]
    public async Task NodeAndDevices_RestartInTheMiddle_TheSameDeliveryIsPaid()
    {
        var (seller, buyer) = await NeighboursAsync();
        var delivery = await village.TradeAsync(seller, buyer, 10 * WattHour);
        await village.StandsAsync(delivery, standing => standing.Sink.Energy > Energy.Zero && standing.Source.Stage == SideStage.Running);

        await village.Supply.Community.CloseAsync();
        await buyer.Device.StopAsync();
        await village.Supply.StartNodeAsync();
        var again = village.Supply.StartDevice(buyer.Device.Folder);
        await again.ConnectedAsync();
        village.Supply.Say(again.Id, village.Supply.Now + Duration.FromDays(10));
        village.Supply.Say(seller.Device.Id, village.Supply.Now + Duration.FromDays(10));
        village.Supply.TellTime();

        var ended = await village.UntilAsync(delivery, one => one.Ended is not null);
        Assert.Equal((DeliveryStage.Settled, 10 * WattHour), (ended.Stage, ended.Delivered.MilliwattHours));
    }

    [EngineFact]
    public async Task LedgersEngine_IsKilledInTheMiddle_TheDeliveryIsPaidWhenItIsBack()
    {
        var (seller, buyer) = await NeighboursAsync();
        var delivery = await village.TradeAsync(seller, buyer, 3 * WattHour);
        await village.StandsAsync(delivery, standing => standing.Sink.Stage == SideStage.Running);

        using (var engine = Process.GetProcessById(((EngineChain)village.Node.Chain).ProcessId!.Value))
            engine.Kill();

        var ended = await village.UntilAsync(delivery, one => one.Ended is not null);
        Assert.Equal((DeliveryStage.Settled, 3 * WattHour), (ended.Stage, ended.Delivered.MilliwattHours));
        await TradingVillage.ForgottenAsync(seller, buyer);
    }

    [EngineFact]
    public async Task Seller_IsCutOff_WhatCameIsPaidAndTheRestGoesBack()
    {
        var (seller, buyer) = await NeighboursAsync();
        var before = await village.FreeAsync(buyer);
        var delivery = await village.TradeAsync(seller, buyer, 1_000 * WattHour);
        await village.StandsAsync(delivery, standing => standing.Source.Energy.MilliwattHours > WattHour && standing.Sink.Energy > Energy.Zero);

        village.Supply.Say(seller.Device.Id, village.Supply.Now - Duration.FromMinutes(1));

        var ended = await village.UntilAsync(delivery, one => one.Ended is not null);
        var standing = village.Desk.Of(delivery.Id)!;
        Assert.Equal((StopReason.NotPermitted, StopReason.Cancelled), (standing.Source.Reason, standing.Sink.Reason));
        Assert.InRange(ended.Delivered.MilliwattHours, 1, 100 * WattHour);
        Assert.Equal(ended.Terms.DueFor(ended.Delivered), (ended.PaidShare, ended.PaidTax));
        Assert.Equal(before - ended.PaidShare - ended.PaidTax, await village.FreeAsync(buyer));
    }

    [EngineFact]
    public async Task Buyer_IsNotSupplied_ToldAgainWhenTheyAre()
    {
        var (seller, buyer) = await NeighboursAsync();
        village.Supply.Say(buyer.Device.Id, village.Supply.Now - Duration.FromMinutes(1));
        await buyer.Device.UntilAsync(RelayState.Open, SupplyReason.PermitEnded);
        var delivery = await village.TradeAsync(seller, buyer, WattHour);

        var refused = await village.StandsAsync(delivery, standing => standing.Sink.Stage == SideStage.Refused);
        Assert.StartsWith("NotPermitted", refused.Sink.Trouble, StringComparison.Ordinal);
        Assert.Equal(RelayState.Open, buyer.Device.Board.ReadBack);

        village.Supply.Say(buyer.Device.Id, village.Supply.Now + Duration.FromDays(10));
        await buyer.Device.UntilAsync(RelayState.Closed, SupplyReason.PermitHeld);
        village.Supply.Shift(DeliveryCourse.Pause);
        village.Supply.TellTime();
        var ended = await village.UntilAsync(delivery, one => one.Ended is not null);
        Assert.Equal(WattHour, ended.Delivered.MilliwattHours);
    }

    [EngineFact]
    public async Task TwoPurchases_OfOneBuyer_OneAfterTheOther()
    {
        var (seller, buyer) = await NeighboursAsync();
        var first = await village.TradeAsync(seller, buyer, 2 * WattHour);
        var second = await village.TradeAsync(seller, buyer, WattHour);
        Assert.Null(village.Desk.Of(second.Id)?.Sink.Opened);

        var (one, other) = (await village.UntilAsync(first, each => each.Ended is not null), await village.UntilAsync(second, each => each.Ended is not null));
        Assert.Equal((2 * WattHour, WattHour), (one.Delivered.MilliwattHours, other.Delivered.MilliwattHours));
        Assert.True(village.Desk.Of(second.Id)!.Sink.Opened >= village.Desk.Of(first.Id)!.Sink.Opened + Duration.FromSeconds(6));
    }

    [EngineFact]
    public async Task NobodyReports_ForTwiceTheWaiting_AllOfItIsFree()
    {
        var (seller, buyer) = await NeighboursAsync();
        await seller.Device.StopAsync();
        var before = await village.FreeAsync(buyer);
        var delivery = await village.TradeAsync(seller, buyer, WattHour);
        await village.StandsAsync(delivery, standing => standing.Source.Stage == SideStage.Ordered);

        village.Supply.Shift(delivery.Terms.FreedFrom - village.Supply.Now + Duration.FromSeconds(1));

        var ended = await village.UntilAsync(delivery, one => one.Ended is not null);
        Assert.Equal(DeliveryStage.Expired, ended.Stage);
        Assert.Equal(before, await village.FreeAsync(buyer));
    }

    [EngineFact]
    public async Task MetersDisagree_LowerIsPaidAndTheRestIsInDispute()
    {
        var seller = await village.NeighbourAsync(watts: -3_600, ParticipantKind.Prosumer);
        var buyer = await village.NeighbourAsync(watts: 100, ParticipantKind.Consumer);
        var delivery = await village.TradeAsync(seller, buyer, 1_000 * WattHour);
        await village.StandsAsync(delivery, standing => standing.Source.Energy.MilliwattHours > 4 * WattHour && standing.Sink.Energy > Energy.Zero);

        village.Supply.Say(seller.Device.Id, village.Supply.Now - Duration.FromMinutes(1));

        var disputed = await village.UntilAsync(delivery, one => one.Stage == DeliveryStage.Disputed);
        Assert.Equal(disputed.Terms.DueFor(disputed.Delivered), (disputed.PaidShare, disputed.PaidTax));
        Assert.Equal(village.Desk.Of(delivery.Id)!.Sink.Energy, disputed.Delivered);
        Assert.True(disputed.Dispute!.Claimed.MilliwattHours > disputed.Delivered.MilliwattHours + WattHour);
    }

    // What the seller gives is by the allowed loss more than what the buyer takes.
    private async Task<(Neighbour Seller, Neighbour Buyer)> NeighboursAsync() =>
        (await village.NeighbourAsync(watts: -1020, ParticipantKind.Prosumer), await village.NeighbourAsync(watts: 1000, ParticipantKind.Consumer));
}
