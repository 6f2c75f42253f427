using System.Diagnostics;
using System.Runtime.CompilerServices;
using Busbar.Bench.Running;
using Busbar.Domain.Metering;
using Busbar.Node;
using Busbar.Node.Clock;
using Busbar.Node.Community;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Bench.Ingest;

/// <summary>Signed readings through the whole node: every check, the actor's state, its decisions and rows on disk.</summary>
internal static class AppliedBenchmark
{
    private const int Runs = 3;
    private const int ReadingsEach = 120;

    private static readonly Instant Genesis = Instant.FromUtc(2026, 1, 1, 0, 0);

    public static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> RunAsync(
        LoadRunner load, int meters, int window, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        using var keys = NodeKeys.ForDemonstration(1);
        var clock = new SteppedClock(Genesis);
        await using var node = await BusbarNode.StartAsync(
            Options(folder.Path, meters, clock), keys, NullLoggerFactory.Instance, progress: null, cancellation);
        clock.MoveTo(Genesis + Duration.FromDays(10));
        var applied = new List<double>();
        var lags = new List<double>();
        var domain = node.Contracts.SigningDomain;
        for (var run = 0; run < Runs; run++)
        {
            var order = new LoadOrder(node.MqttPort, meters, window)
            {
                Readings = new(run * ReadingsEach, ReadingsEach, (Genesis + Duration.FromMinutes(15)).ToUnixTimeSeconds(), domain.ChainId, domain.Deployment.ToString()),
                Tokens = [.. LoadMeter.Ids(meters).Select(node.Tokens.For)],
            };
            await load.PrepareAsync(order, cancellation);
            var start = Stopwatch.GetTimestamp();
            await load.GoAsync(cancellation);
            var acknowledged = Stopwatch.GetElapsedTime(start);
            await WhenAppliedAsync(node, (run + 1L) * meters * ReadingsEach, cancellation);
            var all = Stopwatch.GetElapsedTime(start);
            applied.Add(meters * ReadingsEach / all.TotalSeconds);
            lags.Add((all - acknowledged).TotalMilliseconds);
        }

        var count = (long)Runs * meters * ReadingsEach;
        yield return ("applied-signed", Median.Of(applied), "readings/s", count);
        yield return ("applied-lag", Median.Of(lags), "ms", count);
    }

    private static NodeOptions Options(string folder, int meters, SteppedClock clock) => new()
    {
        DataFolder = folder,
        Community = new()
        {
            Name = "Load",
            Zone = DateTimeZone.Utc,
            Microgrids = [new(new MicrogridId(1), "Load", LoadMeter.Describe(LoadMeter.Ids(meters)))],
        },
        Genesis = Genesis,
        SteppedClock = clock,
        SystemClock = new WallClock(),
        HttpPort = 0,
        MqttPort = 0,
    };

    private static async Task WhenAppliedAsync(BusbarNode node, long wanted, CancellationToken cancellation)
    {
        while (node.Actors.Sum(actor => actor.Counts.Accepted) < wanted)
        {
            if (node.Actors.Sum(actor => actor.Counts.Refused + actor.Counts.Repeated) > 0)
                throw new InvalidOperationException("the node refused a reading of the load");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellation);
        }
    }
}
