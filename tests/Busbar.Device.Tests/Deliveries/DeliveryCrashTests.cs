using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Busbar.Cryptography;
using Busbar.Device.CrashProbe;
using Busbar.Device.Protocol;
using Busbar.Device.Tests.Testing;
using Busbar.Domain.Metering;
using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Device.Tests.Deliveries;

/// <summary>Kills meters, as the system does it, while they deliver, and holds their reports against each other.</summary>
public sealed class DeliveryCrashTests : IAsyncLifetime
{
    // Each kills as many meters as the probe has.
    private const int Rounds = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly Hash256 Subject = Keccak256.Hash("a delivery that is killed"u8);

    private readonly TemporaryFolder _folder = new();
    private readonly TestNode _node = new();
    private readonly TcpListener _door = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly PrivateKey _community = Probe.Community();
    private readonly Dictionary<MeterId, SortedDictionary<int, SpanReport>> _reports = [];
    private readonly Dictionary<MeterId, DeliveryTold.Started> _started = [];
    private readonly HashSet<MeterId> _stopped = [];
    private readonly HashSet<MeterId> _restarted = [];
    private Task _serving = Task.CompletedTask;
    private ulong _number;

    public Task InitializeAsync()
    {
        _door.Start();
        _serving = ServeAsync();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stopping.CancelAsync();
        _door.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _node.DisposeAsync();
        _community.Dispose();
        _stopping.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Kill_WhileDelivering_ReportsFollowEachOtherFromTheOneOpening()
    {
        for (var round = 0; round < Rounds; round++)
            await RunAndKillAsync(round, round == Rounds - 1 ? OrderKind.Cancel : OrderKind.Report);

        Assert.Equal(Probe.Meters, _stopped.Count);
        foreach (var (meter, reports) in _reports)
        {
            Assert.Equal(Enumerable.Range(1, Rounds), reports.Keys);
            Assert.Equal((_started[meter].Opened, _started[meter].Opening), (reports[1].Opened, reports[1].Opening));
            foreach (var (earlier, later) in reports.Values.Zip(reports.Values.Skip(1)))
                Assert.Equal((earlier.Closed, earlier.Closing), (later.Opened, later.Opening));
            // 1 kW: no more than could have flowed, and not nothing.
            var energy = reports[Rounds].Closing - reports[1].Opening;
            var most = (reports[Rounds].Closed - reports[1].Opened).TotalSeconds + 1;
            Assert.InRange(energy.MilliwattHours, 1, (long)(most * 1000 / 3.6));
        }
    }

    private async Task RunAndKillAsync(int round, OrderKind kind)
    {
        using var process = Start();
        try
        {
            var meters = new List<MeterId>();
            while (meters.Count < Probe.Meters)
                meters.Add(new(Address.Parse((await process.StandardOutput.ReadLineAsync().WaitAsync(Patience))!)));
            var online = new HashSet<string>(StringComparer.Ordinal);
            while (online.Count < meters.Count)
                online.Add((await _node.NextAsync("state")).Topic);
            if (round == 0)
                SayAll(meters, OrderKind.Open);
            await UntilAsync(() => _started.Count == meters.Count && (round == 0 || _restarted.Count == meters.Count));
            SayAll(meters, kind);
            await UntilAsync(() => _reports.Count == meters.Count && _reports.Values.All(reports => reports.ContainsKey(round + 1)));
        }
        finally
        {
            _restarted.Clear();
            process.Kill();
            await process.WaitForExitAsync();
        }

        while (_node.Connections > 0)
            await Task.Yield();
        while (_node.TryTake(out var message))
        {
            if (message.Topic.EndsWith("/delivery", StringComparison.Ordinal))
                Hold(message);
        }

        _restarted.Clear();
    }

    private Process Start()
    {
        var port = ((IPEndPoint)_door.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var path = Environment.ProcessPath;
        return Process.Start(new ProcessStartInfo(Path.GetFileName(path)?.StartsWith("dotnet", StringComparison.Ordinal) == true ? path! : "dotnet")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            ArgumentList = { "exec", typeof(Probe).Assembly.Location, _folder.Path, port },
        })!;
    }

    private void SayAll(IReadOnlyList<MeterId> meters, OrderKind kind)
    {
        _number++;
        var now = Instant.FromUnixTimeSeconds(SystemClock.Instance.GetCurrentInstant().ToUnixTimeSeconds());
        foreach (var meter in meters)
        {
            var order = new DeliveryOrder(meter, _number, kind, Subject, now);
            if (kind == OrderKind.Open)
                order = order with { Amount = 1_000_000, Flow = EnergyFlow.Import, NotBefore = now, Deadline = now + Duration.FromHours(1) };
            _node.Publish(new MeterTopics(meter).Order, DeliveryOrderJson.Encode(SignedOrder.Sign(order, Probe.Domain, _community)));
        }
    }

    private async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            Hold(await _node.NextAsync("delivery"));
    }

    private void Hold((string Topic, byte[] Payload, bool Retain) message)
    {
        var meter = new MeterId(Address.Parse(message.Topic.Split('/')[2]));
        var told = DeliveryTold.Decode(meter, message.Payload)!;
        switch (told)
        {
            case DeliveryTold.Started started:
                Assert.Equal(started, _started.GetValueOrDefault(meter, started));
                _started[meter] = started;
                _restarted.Add(meter);
                break;
            case DeliveryTold.Reported reported:
                Keep(reported.Report, reported.Span);
                break;
            case DeliveryTold.Stopped stopped:
                Keep(stopped.Report, stopped.Span);
                Assert.Equal(StopReason.Cancelled, stopped.Reason);
                _stopped.Add(meter);
                break;
            case DeliveryTold.Refused refused:
                Assert.Fail($"{meter} refused: {refused}");
                break;
        }

        // What was said once is said again as it was, over every restart.
        void Keep(int number, SignedSpan span)
        {
            Assert.True(span.IsGenuine(Probe.Domain));
            if (!_reports.TryGetValue(meter, out var reports))
                _reports.Add(meter, reports = []);
            Assert.Equal(span.Report, reports.GetValueOrDefault(number, span.Report));
            reports[number] = span.Report;
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            var client = await _door.AcceptTcpClientAsync(_stopping.Token);
            _ = _node.ServeAsync(client);
        }
    }
}
