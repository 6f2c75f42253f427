using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Device.CrashProbe;
using Busbar.Device.Protocol;
using Busbar.Device.Tests.Testing;
using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using NodaTime;

namespace Busbar.Device.Tests.Supply;

/// <summary>Kills meters while permits come and relays switch, and holds what they say afterwards against what they said before.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    // Each kills as many meters as the probe has.
    private const int Rounds = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly TestNode _node = new();
    private readonly TcpListener _door = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly PrivateKey _community = Probe.Community();
    private readonly Dictionary<MeterId, ulong> _told = [];
    private readonly Dictionary<MeterId, ulong> _tripped = [];
    private Task _serving = Task.CompletedTask;
    private ulong _sequence;
    private int _switched;

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
    public async Task Kill_WhilePermitsComeAndRelaysSwitch_NoMeterGoesBackAndEachRelayIsAsItsPermitSays()
    {
        var chance = new Random(20260301);
        for (var round = 0; round < Rounds; round++)
            await RunAndKillAsync(states: chance.Next(1, 16), pause: TimeSpan.FromMilliseconds(chance.Next(3, 15)));

        Assert.Equal(Probe.Meters, _told.Count);
        Assert.True(_switched > Rounds, $"relays were seen to switch {_switched} times");
    }

    private async Task RunAndKillAsync(int states, TimeSpan pause)
    {
        var port = ((IPEndPoint)_door.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var path = Environment.ProcessPath;
        var start = new ProcessStartInfo(Path.GetFileName(path)?.StartsWith("dotnet", StringComparison.Ordinal) == true ? path! : "dotnet")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            ArgumentList = { "exec", typeof(Probe).Assembly.Location, _folder.Path, port },
        };
        // A node that came back from an old backup says an old permit first.
        foreach (var (meter, held) in _told.Where(pair => pair.Value > 2))
            Say(meter, held - 1, retain: true);
        using var process = Process.Start(start)!;
        using var killed = new CancellationTokenSource();
        var saying = Task.CompletedTask;
        try
        {
            var meters = new List<MeterId>();
            while (meters.Count < Probe.Meters)
                meters.Add(new(Address.Parse((await process.StandardOutput.ReadLineAsync().WaitAsync(Patience))!)));
            // What they kept shows before anything newer comes: a meter that forgot would believe the old permit.
            var heard = new HashSet<MeterId>();
            while (heard.Count < meters.Count)
            {
                if (Hold(await _node.NextAsync("state")) is { } meter)
                    heard.Add(meter);
            }

            saying = SayAsync(meters, pause, killed.Token);
            for (var seen = 0; seen < states; seen++)
                Hold(await _node.NextAsync("state"));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            await killed.CancelAsync();
            await saying;
        }

        // What was on its way when they died counts too.
        while (_node.Connections > 0)
            await Task.Yield();
        while (_node.TryTake(out var message))
        {
            if (message.Topic.EndsWith("/state", StringComparison.Ordinal))
                Hold(message);
        }
    }

    // Ever new permits, in turn good and ended, as a node says them, and now and then an old one.
    private async Task SayAsync(IReadOnlyList<MeterId> meters, TimeSpan pause, CancellationToken killed)
    {
        while (!killed.IsCancellationRequested)
        {
            _sequence++;
            foreach (var meter in meters)
            {
                if (_sequence % 5 == 0)
                    Say(meter, _sequence - 3, retain: false);
                Say(meter, _sequence, retain: true);
            }

            await Task.Delay(pause, TimeProvider.System, killed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Say(MeterId meter, ulong sequence, bool retain)
    {
        var now = Instant.FromUnixTimeSeconds(SystemClock.Instance.GetCurrentInstant().ToUnixTimeSeconds());
        var until = now + Duration.FromDays(IsGood(sequence) ? 1 : -1);
        var permit = SignedPermit.Sign(new(meter, sequence, now - Duration.FromMinutes(1), until), Probe.Domain, _community);
        _node.Publish(new MeterTopics(meter).Permit, SupplyPermitJson.Encode(permit), retain);
    }

    // The meter whose state it is, when it says how its relay stands.
    private MeterId? Hold((string Topic, byte[] Payload, bool Retain) message)
    {
        using var state = JsonDocument.Parse(message.Payload);
        if (!state.RootElement.TryGetProperty("relay", out var relay))
            return null;
        var meter = new MeterId(Address.Parse(message.Topic.Split('/')[2]));
        var permit = state.RootElement.TryGetProperty("permit", out var text) ? ulong.Parse(text.GetString()!, CultureInfo.InvariantCulture) : 0;
        var reason = state.RootElement.GetProperty("reason").GetString();
        var before = _told.GetValueOrDefault(meter);
        Assert.True(permit >= before, $"{meter} held permit {before} and holds {permit}");
        _told[meter] = permit;
        _switched += before > 0 && IsGood(before) != IsGood(permit) ? 1 : 0;
        if (IsGood(permit))
        {
            Assert.Equal(("closed", permit == 0 ? "NoPermitYet" : "PermitHeld"), (relay.GetString(), reason));
            return meter;
        }

        // Cut off, a meter goes on under a permit that has ended, but not under one that it was tripped under.
        if (reason == "WithinGrace")
            Assert.NotEqual(permit, _tripped.GetValueOrDefault(meter));
        else
            Assert.Equal("PermitEnded", reason);
        Assert.Equal(reason == "WithinGrace" ? "closed" : "open", relay.GetString());
        if (reason == "PermitEnded")
            _tripped[meter] = permit;
        return meter;
    }

    private static bool IsGood(ulong sequence) => sequence % 2 == 0;

    private async Task ServeAsync()
    {
        while (true)
        {
            var client = await _door.AcceptTcpClientAsync(_stopping.Token);
            _ = _node.ServeAsync(client);
        }
    }
}
