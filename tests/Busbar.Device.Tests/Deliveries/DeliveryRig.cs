using Busbar.Cryptography;
using Busbar.Device.Boards;
using Busbar.Device.Link;
using Busbar.Device.Meters;
using Busbar.Device.Tests.Testing;
using Busbar.Domain.Quantities;
using Busbar.Domain.Supply;
using Busbar.Domain.Trading;
using Busbar.Tests;
using NodaTime;

namespace Busbar.Device.Tests.Deliveries;

/// <summary>A whole meter on a clock that a test moves, and the community that orders.</summary>
internal sealed class DeliveryRig : IMeterLinkObserver, IDisposable
{
    public static readonly PrivateKey Community = PrivateKey.FromSeed("a community that trades"u8);

    private readonly TemporaryFolder _folder = new();
    private readonly bool _ownClock;
    private MeterDevice? _meter;
    private ulong _number;

    public DeliveryRig(double watts = 200, bool ownClock = true, IMeterBoard? board = null)
    {
        Watts = watts;
        _ownClock = ownClock;
        Board = board ?? new TradingBoard(() => Watts);
        Restart();
    }

    public static Hash256 Subject { get; } = Keccak256.Hash("a delivery"u8);

    public double Watts { get; set; }

    public IMeterBoard Board { get; }

    public TradingBoard Trading => (TradingBoard)Board;

    public ManualTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    public MeterDevice Meter => _meter!;

    public List<DeliveryTold> Told { get; } = [];

    public Instant Now => Instant.FromDateTimeOffset(Time.GetUtcNow());

    public string File => _folder.File("deliveries.json");

    public DeliveryTold Last => Told.Last(told => told is not DeliveryTold.Progress);

    public DeliveryTold.Stopped Stopped => Told.OfType<DeliveryTold.Stopped>().Last();

    public void Delivers(DeliveryTold told) => Told.Add(told);

    /// <summary>As after kill -9: what is not on disk is gone.</summary>
    public void Restart()
    {
        _meter?.Dispose();
        _meter = MeterDevice.Open(
            new()
            {
                Folder = _folder.Path,
                Password = "secret",
                KeystoreCost = new(2, 1),
                Domain = TestReadings.Domain,
                Community = Community.Address,
                Firmware = TestReadings.Firmware,
                Link = _ => new() { Connection = new() { ClientId = "nobody" }, Observer = this },
                OwnClockIsTrusted = _ownClock,
            },
            Board,
            Time);
        _meter.Deliveries.Connected();
    }

    public void Run(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Meter.Sample();
        }
    }

    /// <summary>Takes an order as from the node, and looks after it at once.</summary>
    public DeliveryTold Say(DeliveryOrder order)
    {
        Say(DeliveryOrderJson.Encode(SignedOrder.Sign(order, TestReadings.Domain, Community)));
        var answer = Told.Last(told => told is DeliveryTold.Taken or DeliveryTold.Refused);
        Meter.Sample();
        return answer;
    }

    public void Say(byte[] payload) => Meter.Deliveries.Take(payload);

    public DeliveryTold Open(long amount = 1_000_000, int seconds = 7200, Hash256? subject = null, EnergyFlow flow = EnergyFlow.Import) =>
        Say(Opening(amount, seconds, subject, flow));

    public DeliveryOrder Opening(long amount, int seconds = 7200, Hash256? subject = null, EnergyFlow flow = EnergyFlow.Import, int wait = 0) =>
        Order(OrderKind.Open, subject) with
        {
            Amount = amount,
            Flow = flow,
            NotBefore = Now + Duration.FromSeconds(wait),
            Deadline = Now + Duration.FromSeconds(seconds),
        };

    public DeliveryOrder Order(OrderKind kind, Hash256? subject = null) => new(Meter.Id, ++_number, kind, subject ?? Subject, Now);

    public void Permit(Instant? until, SupplyFlags flags = SupplyFlags.None)
    {
        var permit = new SupplyPermit(Meter.Id, ++_number, Now, until) { Flags = flags };
        Meter.Supply.Take(SupplyPermitJson.Encode(SignedPermit.Sign(permit, TestReadings.Domain, Community)));
    }

    public void Dispose()
    {
        _meter?.Dispose();
        _folder.Dispose();
    }
}

/// <summary>A board on which traded energy has a relay of its own; it stays as it is when the meter's process dies.</summary>
internal sealed class TradingBoard(Func<double> watts) : IMeterBoard, IRelay, IDeliveryRelay, IVoltageSensor
{
    public TradingRelay Delivery { get; } = new();

    IRelay IDeliveryRelay.Delivery => Delivery;

    public double Volts { get; set; } = 230;

    public RelayState ReadBack { get; private set; } = RelayState.Closed;

    public Power Power => Power.FromWatts(ReadBack == RelayState.Closed && Delivery.ReadBack == RelayState.Closed ? watts() : 0);

    public void Switch(RelayState wanted) => ReadBack = wanted;
}

/// <summary>Its relay, which can stick, and tells when it is commanded.</summary>
internal sealed class TradingRelay : IRelay
{
    public bool IsStuck { get; set; }

    public Action<RelayState>? Commanded { get; set; }

    public RelayState ReadBack { get; set; } = RelayState.Open;

    public void Switch(RelayState wanted)
    {
        Commanded?.Invoke(wanted);
        if (!IsStuck)
            ReadBack = wanted;
    }
}
