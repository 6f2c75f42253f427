using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Busbar.Bench.Ingest;
using Busbar.Bench.Running;
using Busbar.Cryptography;
using Busbar.Device.Boards;
using Busbar.Device.Link;
using Busbar.Device.Meters;
using Busbar.Device.Supply;
using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using Busbar.Mqtt;
using Busbar.Node;
using Busbar.Node.Community;
using Busbar.Node.Supply;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Bench.Supply;

/// <summary>
/// How long it takes from the ledger's word that a home is paid to its relay, closed and read back: the permit signed, on the node's disk,
/// over a socket to a whole device, and on the device's disk.
/// </summary>
internal static class SupplyLatencyBenchmark
{
    private const int Returns = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> RunAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        using var keys = NodeKeys.ForDemonstration(1);
        var facts = new OneFact();
        await using var node = await BusbarNode.StartAsync(
            Options(Path.Combine(folder.Path, "node"), facts), keys, NullLoggerFactory.Instance, progress: null, cancellation);
        var relay = new HeardRelay();
        using var device = MeterDevice.Open(
            DeviceOptions(Path.Combine(folder.Path, "device"), node, keys.Operator.Address, relay), new SimulatedBoard(static () => 1000), TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = device.RunAsync(stop.Token);
        try
        {
            await relay.Connected.WaitAsync(Patience, cancellation);
            var times = new List<double>(Returns);
            for (var i = 0; i < Returns; i++)
            {
                facts.Say(device.Id, Now() - Duration.FromMinutes(1));
                await relay.NextAsync(RelayState.Open, Patience, cancellation);
                var began = Stopwatch.GetTimestamp();
                facts.Say(device.Id, Now() + Duration.FromDays(30));
                times.Add(Stopwatch.GetElapsedTime(began, await relay.NextAsync(RelayState.Closed, Patience, cancellation)).TotalMilliseconds);
            }

            times.Sort();
            yield return ("fact-to-relay-p50", times[Returns / 2], "ms", Returns);
            yield return ("fact-to-relay-p99", times[Returns * 99 / 100], "ms", Returns);
        }
        finally
        {
            await stop.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        yield return ("fsync-p99", DiskSync.P99(), "ms", 400);
        await foreach (var figure in PaymentLatencyBenchmark.RunAsync(cancellation))
            yield return figure;
        await foreach (var figure in PurchaseLatencyBenchmark.RunAsync(cancellation))
            yield return figure;
    }

    private static Instant Now() => new WallClock().GetCurrentInstant();

    private static NodeOptions Options(string folder, ISupplyFacts facts) => new()
    {
        DataFolder = folder,
        Community = new()
        {
            Name = "Latency",
            Zone = DateTimeZone.Utc,
            Microgrids = [new(new MicrogridId(1), "Latency", LoadMeter.Describe(LoadMeter.Ids(1)))],
        },
        Genesis = Instant.FromUnixTimeSeconds(Now().ToUnixTimeSeconds()),
        SystemClock = new WallClock(),
        SupplyFacts = facts,
        HttpPort = 0,
        MqttPort = 0,
    };

    private static MeterDeviceOptions DeviceOptions(string folder, BusbarNode node, Address community, IMeterLinkObserver observer) => new()
    {
        Folder = folder,
        Password = "a benchmark's",
        KeystoreCost = new(2, 1),
        Domain = node.Contracts.SigningDomain,
        Community = community,
        Firmware = LoadMeter.Firmware,
        Link = meter => new()
        {
            Connection = new MqttClientOptions
            {
                Port = node.MqttPort,
                ClientId = meter.ToString(),
                UserName = meter.ToString(),
                Password = Encoding.ASCII.GetBytes(node.Tokens.For(meter)),
            },
            Observer = observer,
        },
    };

    private sealed class OneFact : ISupplyFacts
    {
        private volatile SupplyFact? _fact;

        public Action? Changed { get; set; }

        public IReadOnlyList<SupplyFact> All() => _fact is { } fact ? [fact] : [];

        public void Say(MeterId meter, Instant paidUntil)
        {
            _fact = new(new(Keccak256.Hash("a home"u8)), [meter], paidUntil);
            Changed?.Invoke();
        }
    }

    private sealed class HeardRelay : IMeterLinkObserver
    {
        private readonly Channel<(RelayState Relay, long At)> _switched = Channel.CreateUnbounded<(RelayState, long)>();
        private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Connected => _connected.Task;

        void IMeterLinkObserver.Connected() => _connected.TrySetResult();

        public void Happened(SupplyEvent happened)
        {
            if (happened is SupplyEvent.RelaySwitched switched)
                _switched.Writer.TryWrite((switched.Relay, Stopwatch.GetTimestamp()));
        }

        public async Task<long> NextAsync(RelayState relay, TimeSpan patience, CancellationToken cancellation)
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            late.CancelAfter(patience);
            while (true)
            {
                var (state, at) = await _switched.Reader.ReadAsync(late.Token);
                if (state == relay)
                    return at;
            }
        }
    }
}
