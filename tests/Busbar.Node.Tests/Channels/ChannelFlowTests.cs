using Busbar.Device.Channels;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Trading;
using Busbar.Node.Channels;
using Busbar.Node.Tests.Deliveries;
using Busbar.Node.Tests.Supply;
using Busbar.Node.Tests.Testing;
using NodaTime;

namespace Busbar.Node.Tests.Channels;

/// <summary>Energy that is paid for as it comes: real devices, a payer that signs with its meter's key, one node for all.</summary>
public sealed class ChannelFlowTests(TradingVillage village) : IClassFixture<TradingVillage>
{
    private const long WattHour = 1_000;

    [EngineFact]
    public async Task PaidAsItComes_FlowsOnWithoutAStop_VanishedPayerLeavesOneBlock_AndItGoesOn()
    {
        var (payee, payer) = await NeighboursAsync();
        var channel = await village.OpenChannelAsync(payer, payee);
        var paying = Pay(payer, channel);

        // Past the first block in one turn: what was paid for raised what may flow, and no relay moved.
        await FlowsAsync(channel, flow => flow.Phase == ChannelFlowPhase.Flowing && flow.Arrived.MilliwattHours > 12 * WattHour);
        await paying.DisposeAsync();
        var promised = paying.Session.Signed!;
        Assert.True(promised.Energy.MilliwattHours > WattHour, $"{promised}");

        // Nobody answers any more: it stops by itself, a block further at most, and what both signed is taken off both bills.
        var counted = (await LedgerAsync(channel, known => known.Counted > Energy.Zero)).Counted;
        var stopped = await FlowsAsync(channel, flow => flow.Phase != ChannelFlowPhase.Flowing && flow.Arrived == counted);
        var held = village.Payees.Find(channel.Id)!.Best!.Voucher;
        Assert.Equal(promised, held);
        Assert.True(stopped.Arrived <= held.Energy + BlockRule.DefaultBlock, $"{stopped}, paid {held}");
        await TradingVillage.ForgottenAsync(payee, payer);

        await using var again = Pay(payer, channel);
        await FlowsAsync(channel, flow => flow.Phase == ChannelFlowPhase.Flowing && flow.Arrived > stopped.Arrived + Energy.FromMilliwattHours(WattHour));
        await SupplyVillage.UntilAsync(() => again.Session.Signed!.Energy > stopped.Arrived, () => $"{again.Session.Signed}");
        Assert.Equal(channel.Terms.Price.CostFloor(again.Session.Signed!.Energy), again.Session.Signed.Total);
    }

    [EngineFact]
    public async Task NodeRestarts_InTheMiddle_TheSameTurnGoesOn()
    {
        var (payee, payer) = await NeighboursAsync();
        var channel = await village.OpenChannelAsync(payer, payee);
        var first = Pay(payer, channel);
        await FlowsAsync(channel, flow => flow.Phase == ChannelFlowPhase.Flowing && flow.Arrived.MilliwattHours > WattHour);

        await village.Supply.Community.CloseAsync();
        await first.DisposeAsync();
        await village.Supply.StartNodeAsync();
        foreach (var one in new[] { payee, payer })
            village.Supply.Say(one.Device.Id, village.Supply.Now + Duration.FromDays(10));
        village.Supply.TellTime();
        await using var again = Pay(payer, channel);

        await FlowsAsync(channel, flow => flow.Arrived.MilliwattHours > 12 * WattHour);
        Assert.True(village.Payees.Find(channel.Id)!.Best!.Voucher.Energy.MilliwattHours > 2 * WattHour);
    }

    [EngineFact]
    public async Task SomethingIsBought_TheTurnGivesWay_AndGoesOnAfterwards()
    {
        var (payee, payer) = await NeighboursAsync();
        var channel = await village.OpenChannelAsync(payer, payee);
        await using var paying = Pay(payer, channel);
        await FlowsAsync(channel, flow => flow.Phase == ChannelFlowPhase.Flowing && flow.Arrived.MilliwattHours > WattHour);

        var bought = await village.TradeAsync(payee, payer, 2 * WattHour);
        var ended = await village.UntilAsync(bought, one => one.Ended is not null);

        Assert.Equal((DeliveryStage.Settled, 2 * WattHour), (ended.Stage, ended.Delivered.MilliwattHours));
        var before = (await LedgerAsync(channel, known => known.Counted > Energy.Zero)).Counted;
        var after = await FlowsAsync(channel, flow => flow.Phase == ChannelFlowPhase.Flowing && flow.Arrived > before);
        Assert.True(after.Arrived > before);
    }

    [EngineFact]
    public async Task End_StopsCountsAndIsClosedByTheNode()
    {
        var (payee, payer) = await NeighboursAsync();
        var channel = await village.OpenChannelAsync(payer, payee);
        await village.NameCloserAsync(payee);
        var before = await village.FreeAsync(payee);
        await using var paying = Pay(payer, channel);
        await FlowsAsync(channel, flow => flow.Phase == ChannelFlowPhase.Flowing && flow.Arrived.MilliwattHours > 3 * WattHour);
        await SupplyVillage.UntilAsync(() => paying.Session.Signed!.Energy > Energy.Zero, () => $"{paying.Session.Signed}");

        village.Supply.Shift(channel.End - village.Supply.Now);
        village.Supply.TellTime();
        await LedgerAsync(channel, known => known.Counted > Energy.Zero);
        await village.Payees.LookAsync(default);

        var closed = await LedgerAsync(channel, known => known.Ending is not null);
        Assert.Equal(paying.Session.Signed!.Total, closed.Ending!.Paid);
        Assert.Equal(before + closed.Ending.Paid, await village.FreeAsync(payee));
        Assert.Contains("closed", await paying.EndAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [EngineFact]
    public async Task PayeeIsCutOff_NothingMoreIsAsked_AndTheTroubleIsSaid()
    {
        var (payee, payer) = await NeighboursAsync();
        var channel = await village.OpenChannelAsync(payer, payee);
        await using var paying = Pay(payer, channel);
        await FlowsAsync(channel, flow => flow.Phase == ChannelFlowPhase.Flowing && flow.Arrived.MilliwattHours > WattHour);

        village.Supply.Say(payee.Device.Id, village.Supply.Now - Duration.FromMinutes(1));

        var stopped = await FlowsAsync(channel, flow => flow is { Phase: ChannelFlowPhase.Waiting, Trouble: not null });
        Assert.StartsWith("NotPermitted", stopped.Trouble, StringComparison.Ordinal);
        Assert.True(paying.Session.Signed!.Energy <= stopped.Arrived, $"{paying.Session.Signed} of {stopped}");
    }

    private async Task<ChannelFlow> FlowsAsync(OpenChannel channel, Func<ChannelFlow, bool> holds)
    {
        await SupplyVillage.UntilAsync(() => holds(Flow()), () => $"the channel stands at {Flow()}");
        return Flow();

        ChannelFlow Flow() => village.Node.Parts.Turns!.FlowOf(channel.Id);
    }

    private async Task<LedgerChannel> LedgerAsync(OpenChannel channel, Func<LedgerChannel, bool> holds)
    {
        await SupplyVillage.UntilAsync(() => holds(Known()), () => $"the ledger has {Known()}");
        return Known();

        LedgerChannel Known() => village.Node.Parts.Ledger!.Channels.Find(channel.Id)!;
    }

    private RunningPayer Pay(Neighbour payer, OpenChannel channel) => new(village, payer, channel);

    // A block lasts ten seconds, and a meter tells every five how far it is.
    private async Task<(Neighbour Payee, Neighbour Payer)> NeighboursAsync() =>
        (await village.NeighbourAsync(watts: -4_000, ParticipantKind.Prosumer), await village.NeighbourAsync(watts: 3_600, ParticipantKind.Consumer));

    private sealed class RunningPayer : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly HttpClient _http = new() { Timeout = TestConnection.Patience };
        private readonly Task<string> _running;

        public RunningPayer(TradingVillage village, Neighbour payer, OpenChannel channel)
        {
            Session = payer.Device.OpenPayer(channel, village.Payees.Domain, channel.Locked);
            var paying = new ChannelPayer(
                Session,
                new HttpPayeeDoor(_http, village.Node.Page),
                _ => Task.FromResult(village.Node.Parts.Ledger!.Channels.Find(channel.Id) is { Ending: null } open ? open.Channel : null),
                () => payer.Device.PayerSituation,
                TimeProvider.System);
            _running = paying.RunAsync(_stop.Token);
        }

        public PayerSession Session { get; }

        public Task<string> EndAsync() => _running.WaitAsync(TestConnection.Patience);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await ((Task)_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _http.Dispose();
            _stop.Dispose();
        }
    }
}
