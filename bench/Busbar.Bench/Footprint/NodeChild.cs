using System.Text.Json;
using Busbar.Bench.Ingest;
using Busbar.Bench.Running;
using Busbar.Domain.Metering;
using Busbar.Node;
using Busbar.Node.Community;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Bench.Footprint;

/// <summary>Where a started node is.</summary>
/// <param name="Page">Its page.</param>
/// <param name="MqttPort">Its MQTT port.</param>
/// <param name="ChainId">The signing domain's chain.</param>
/// <param name="Meters">The signing domain's contract.</param>
/// <param name="Tokens">The device token of each meter.</param>
internal sealed record StartedNode(string Page, int MqttPort, ulong ChainId, string Meters, IReadOnlyList<string> Tokens);

/// <summary>A whole node with its engine in a process of its own, on the machine's clock, until its input ends.</summary>
internal static class NodeChild
{
    public const string Kind = "node";

    /// <summary>The further argument for a node that serves the page and lets everybody see every house.</summary>
    public const string WithPage = "page";

    public const int Meters = 100;

    public static async Task<int> RunAsync(string folder, bool isWithPage, CancellationToken cancellation)
    {
        using var keys = NodeKeys.ForDemonstration(1);
        var ids = LoadMeter.Ids(Meters);
        await using var node = await BusbarNode.StartAsync(
            Options(folder, ids, isWithPage), keys, NullLoggerFactory.Instance, progress: null, cancellation);
        var domain = node.Contracts.SigningDomain;
        Console.Out.WriteLine(JsonSerializer.Serialize(new StartedNode(
            node.Page.ToString(), node.MqttPort, domain.ChainId, domain.Deployment.ToString(), [.. ids.Select(node.Tokens.For)])));
        while (await Console.In.ReadLineAsync(cancellation) is not null)
        {
        }

        return 0;
    }

    private static NodeOptions Options(string folder, MeterId[] ids, bool isWithPage)
    {
        var clock = new WallClock();
        return new()
        {
            DataFolder = folder,
            Community = new()
            {
                Name = "Footprint",
                Zone = DateTimeZone.Utc,
                Microgrids = [new(new MicrogridId(1), "Footprint", LoadMeter.Describe(ids))],
            },
            Genesis = Instant.FromUnixTimeSeconds(clock.GetCurrentInstant().ToUnixTimeSeconds()),
            SystemClock = clock,
            HttpPort = 0,
            MqttPort = 0,
            WebRoot = isWithPage ? BuiltPage.Folder : null,
            IsDemonstration = isWithPage,
        };
    }
}
