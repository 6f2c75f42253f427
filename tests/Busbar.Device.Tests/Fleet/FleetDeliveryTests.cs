using Busbar.Cryptography;
using Busbar.Device.Fleet;
using Busbar.Device.Tests.Testing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Supply;
using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Device.Tests.Fleet;

/// <summary>Virtual meters deliver as real ones do: the same rules, another disk and clock.</summary>
public sealed class FleetDeliveryTests : IAsyncLifetime
{
    private static readonly PrivateKey Community = PrivateKey.FromSeed("a community that trades"u8);
    private static readonly Hash256 Subject = Keccak256.Hash("a delivery of the fleet"u8);
    private static readonly Instant Start = Instant.FromUtc(2026, 7, 1, 9, 0);

    private readonly TestNode _node = new();
    private readonly VirtualMeter _meter = new("m0", PrivateKey.FromSeed("m0"u8), TestReadings.Firmware);
    private MeterFleet _fleet = null!;
    private long _import = 5_000;
    private ulong _number;

    public async Task InitializeAsync()
    {
        var options = new MeterFleetOptions
        {
            Domain = TestReadings.Domain,
            Connection = meter => _node.Options(meter.Name),
            Community = Community.Address,
            Registers = _ => new(MeterRegister.FromMilliwattHours(_import), MeterRegister.Zero),
        };
        _fleet = await MeterFleet.ConnectAsync([_meter], new Nothing(), options, TimeProvider.System, CancellationToken.None);
        await _fleet.MoveToAsync(Start, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _fleet.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Delivery_FromOrderToReport_AtTheFleetsOwnTime()
    {
        Say(Opening(1_000));
        Assert.Equal(new DeliveryTold.Taken(1), await NextAsync());
        Assert.IsType<DeliveryTold.Started>(await NextAsync());
        Assert.Equal(1, _fleet.Delivering(0));

        await MoveAsync(60, 900);
        Assert.Equal(1, _fleet.Delivering(0));
        await MoveAsync(120, 400);

        var stopped = Assert.IsType<DeliveryTold.Stopped>(await NextAsync());
        Assert.Equal((StopReason.AmountReached, 120, 1_000), (stopped.Reason, stopped.Seconds, stopped.Energy.MilliwattHours));
        Assert.Equal(5_000, stopped.Span.Report.Opening.MilliwattHours);
        Assert.True(stopped.Span.IsGenuine(TestReadings.Domain));

        await _fleet.TakeOfflineAsync(0);
        await _fleet.PutOnlineAsync(0, CancellationToken.None);
        Assert.Equal(stopped, await NextAsync());
        Say(Order(OrderKind.Acknowledge) with { Amount = 1 });
        Assert.Equal(new DeliveryTold.Taken(2), await NextAsync());
        Say(Order(OrderKind.Cancel));
        Assert.Equal("UnknownSubject", Assert.IsType<DeliveryTold.Refused>(await NextAsync()).Reason);
    }

    [Fact]
    public async Task Deadline_AtABoundary_CountsWhatFlowedUntilThen()
    {
        Say(Opening(1_000_000, minutes: 15));
        await NextAsync();
        await NextAsync();

        await MoveAsync(900, 70_000);

        Assert.Equal(70_000, Assert.IsType<DeliveryTold.Stopped>(await NextAsync()).Energy.MilliwattHours);
    }

    [Fact]
    public async Task Permit_Ended_StopsAndRefuses()
    {
        Say(Opening(1_000));
        await NextAsync();
        await NextAsync();
        var permit = SignedPermit.Sign(new(_meter.Id, 1, Start, Start + Duration.FromSeconds(30)), TestReadings.Domain, Community);
        _node.Publish(_meter.Topics.Permit, SupplyPermitJson.Encode(permit));
        await _node.NextAsync("state");

        await MoveAsync(60, 100);

        Assert.Equal(StopReason.NotPermitted, Assert.IsType<DeliveryTold.Stopped>(await NextAsync()).Reason);
        Say(Opening(1) with { Subject = Keccak256.Hash("2"u8) });
        Assert.Equal("NotPermitted", Assert.IsType<DeliveryTold.Refused>(await NextAsync()).Reason);
    }

    private DeliveryOrder Order(OrderKind kind) => new(_meter.Id, ++_number, kind, Subject, Start);

    private DeliveryOrder Opening(long amount, int minutes = 60) => Order(OrderKind.Open) with
    {
        Amount = amount,
        Flow = EnergyFlow.Import,
        NotBefore = Start,
        Deadline = Start + Duration.FromMinutes(minutes),
    };

    private void Say(DeliveryOrder order) =>
        _node.Publish(_meter.Topics.Order, DeliveryOrderJson.Encode(SignedOrder.Sign(order, TestReadings.Domain, Community)));

    private async Task MoveAsync(int seconds, long more)
    {
        _import += more;
        await _fleet.MoveToAsync(Start + Duration.FromSeconds(seconds), CancellationToken.None);
    }

    private async Task<DeliveryTold> NextAsync() => DeliveryTold.Decode(_meter.Id, (await _node.NextAsync("delivery")).Payload)!;

    private sealed class Nothing : IRegisterSource
    {
        public int Boundaries => 0;

        public Instant InstantOf(int boundary) => Start;

        public bool TryRead(int boundary, int meter, out Registers registers)
        {
            registers = default;
            return false;
        }
    }
}
