using System.Text;
using Busbar.Cryptography;
using Busbar.Device.Boards;
using Busbar.Device.Link;
using Busbar.Device.Meters;
using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using Busbar.Mqtt;
using Busbar.Node.Supply;
using Busbar.Node.Tests.Testing;
using NodaTime;

namespace Busbar.Node.Tests.Supply;

/// <summary>A real node whose facts of supply a test says, and real devices on folders of their own that reach it over sockets.</summary>
public sealed class SupplyVillage : IAsyncLifetime
{
    private readonly ShiftedTime _time = new();
    private readonly NodesClock _clock;
    private readonly SaidFacts _facts = new();
    private readonly List<SupplyDevice> _devices = [];
    private readonly List<string> _folders = [];
    private int _port;

    public SupplyVillage() => _clock = new(_time);

    /// <summary>A node with one meter described, since a community has one; devices of tests are others.</summary>
    public TestCommunity Community { get; } = new(new TestMeter("house 1"));

    internal SupplyDesk Desk => Community.Node.Parts.Supply!;

    internal Instant Now => _time.Now;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var device in _devices)
            await device.DisposeAsync();
        await Community.DisposeAsync();
        foreach (var folder in _folders)
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>Starts the node; a second time at the same port, on the same folder.</summary>
    internal async Task StartNodeAsync()
    {
        await Community.OpenAsync(change: options => options with
        {
            SteppedClock = null,
            SystemClock = _clock,
            SupplyFacts = _facts,
            MqttPort = _port,
            Genesis = Instant.FromUtc(2026, 1, 1, 0, 0),
        });
        _port = Community.Node.MqttPort;
    }

    internal Task StartNodeOnceAsync() => _port == 0 ? StartNodeAsync() : Task.CompletedTask;

    /// <summary>The clock of node and devices goes on by this, for none of the waiting.</summary>
    internal void Shift(Duration by) => _time.Shift(by);

    /// <summary>The node's clock alone jumps.</summary>
    internal void ShiftNode(Duration by) => _clock.Shift += by;

    /// <summary>The ledger says this of a meter from now on.</summary>
    internal void Say(MeterId meter, Instant? paidUntil, Func<SupplyFact, SupplyFact>? more = null)
    {
        var fact = new SupplyFact(new(Keccak256.Hash(Encoding.ASCII.GetBytes(meter.ToString()))), [meter], paidUntil);
        _facts.Say(more?.Invoke(fact) ?? fact);
    }

    /// <summary>The node says what time it is, twice: a jump is believed then.</summary>
    internal void TellTime()
    {
        Community.Node.Parts.TellTime();
        Community.Node.Parts.TellTime();
    }

    /// <summary>A folder for a device.</summary>
    internal string Folder()
    {
        _folders.Add(Directory.CreateTempSubdirectory("busbar-device-").FullName);
        return _folders[^1];
    }

    /// <summary>Starts a device, which has its key from its folder.</summary>
    internal SupplyDevice StartDevice(string folder, double watts = 1000)
    {
        var device = new SupplyDevice(folder, this, watts);
        _devices.Add(device);
        return device;
    }

    /// <summary>Starts a device and waits until it supplies under its first permit, good for ten days.</summary>
    internal async Task<SupplyDevice> PaidDeviceAsync(double watts = 1000)
    {
        var device = StartDevice(Folder(), watts);
        await device.ConnectedAsync();
        Say(device.Id, Now + Duration.FromDays(10));
        TellTime();
        await device.UntilAsync(RelayState.Closed, SupplyReason.PermitHeld);
        return device;
    }

    internal static async Task UntilAsync(Func<bool> holds, Func<string> otherwise)
    {
        using var late = new CancellationTokenSource(TestConnection.Patience);
        while (!holds())
        {
            Assert.False(late.IsCancellationRequested, otherwise());
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    internal MeterDevice Open(string folder, IMeterBoard board, IMeterLinkObserver observer) => MeterDevice.Open(
        new()
        {
            Folder = folder,
            Password = "secret",
            KeystoreCost = new(2, 1),
            Domain = Community.Domain,
            Community = Community.Keys.Operator.Address,
            Firmware = Keccak256.Hash("a device of the tests"u8),
            OwnClockIsTrusted = false,
            SamplePeriod = TimeSpan.FromMilliseconds(50),
            Link = meter => new()
            {
                Connection = new MqttClientOptions
                {
                    Port = _port,
                    ClientId = meter.ToString(),
                    UserName = meter.ToString(),
                    Password = Encoding.ASCII.GetBytes(Community.Node.Tokens.For(meter)),
                },
                FirstPause = TimeSpan.FromMilliseconds(20),
                LongestPause = TimeSpan.FromMilliseconds(200),
                Observer = observer,
            },
        },
        board,
        _time);

    private sealed class SaidFacts : ISupplyFacts
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<PremisesId, SupplyFact> _facts = [];

        public Action? Changed { get; set; }

        public IReadOnlyList<SupplyFact> All()
        {
            lock (_gate)
                return [.. _facts.Values];
        }

        public void Say(SupplyFact fact)
        {
            lock (_gate)
                _facts[fact.Premises] = fact;
            Changed?.Invoke();
        }
    }

    /// <summary>The machine's time, shifted; timers go by the machine's.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        private long _shift;

        public Instant Now => Instant.FromDateTimeOffset(GetUtcNow());

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _shift));

        public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Interlocked.Read(ref _shift);

        public void Shift(Duration by) => Interlocked.Add(ref _shift, by.BclCompatibleTicks);
    }

    private sealed class NodesClock(ShiftedTime time) : IClock
    {
        public Duration Shift { get; set; }

        public Instant GetCurrentInstant() => time.Now + Shift;
    }
}
