using System.Text.Json;
using Busbar.Bench.Footprint;
using Busbar.Bench.Running;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Exploring;
using Busbar.Mqtt.Server;
using Busbar.Node;
using Busbar.Node.Access;
using Busbar.Node.Api;
using Busbar.Node.Community;
using Busbar.Node.Live;
using Busbar.Node.Notifications;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Bench.Web;

/// <summary>
/// The node's doors, gate and explorer over a store of 100,000 transactions and an engine, in a process of its own, until its input ends.
/// What no explorer's question touches is not there.
/// </summary>
internal static class ExplorerChild
{
    public const string Kind = "explorer";

    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        using var keys = NodeKeys.ForDemonstration(1);
        var options = Options(folder.Path);
        await using var made = await ExplorerStore.MakeAsync(cancellation);
        await using var engine = await EngineChain.StartAsync(
            new() { Folder = Path.Combine(folder.Path, "engine"), ChainId = options.ChainId, GenesisTime = options.Genesis },
            made.Store.Journal,
            TimeProvider.System,
            cancellation);
        using var access = await AccessDesk.OpenAsync(
            made.Store,
            new() { ChainId = options.ChainId, Community = options.Community.Name },
            new NoLedgerRoles(),
            new NoPremisesBook(),
            options.SystemClock,
            TimeProvider.System,
            NullLoggerFactory.Instance,
            cancellation);
        var builder = PageHost.Create(options, certificates: null, NullLoggerFactory.Instance);
        builder.Services.AddSingleton(new NodeParts { Store = made.Store, Chain = engine, Clock = options.SystemClock });
        builder.Services.AddSingleton(new LedgerExplorer(made.Store.Explorer, new(ExplorerStore.Contracts)));
        builder.Services.AddSingleton<ICallerSource>(access.Callers);
        builder.Services.AddSingleton(access);
        builder.Services.AddSingleton(keys);
        Absent<MqttServer>(builder.Services);
        Absent<LiveFeed>(builder.Services);
        Absent<Presence>(builder.Services);
        Absent<NotificationDesk>(builder.Services);
        await using var app = builder.Build();
        Routes.Map(app, webRoot: null, new(https: null), access.Callers, authority: null);
        var doors = await PageHost.StartAsync(app, options, cancellation);
        Console.Out.WriteLine(JsonSerializer.Serialize(new StartedNode(doors[0].ToString(), 0, options.ChainId, "", [])));
        while (await Console.In.ReadLineAsync(cancellation) is not null)
        {
        }

        await app.StopAsync(cancellation);
        return 0;
    }

    private static NodeOptions Options(string folder) => new()
    {
        DataFolder = folder,
        Community = new() { Name = "Explorer", Zone = DateTimeZone.Utc, Microgrids = [] },
        Genesis = Instant.FromUtc(2026, 1, 1, 0, 0),
        SystemClock = new WallClock(),
        HttpPort = 0,
    };

    private static void Absent<T>(IServiceCollection services)
        where T : class =>
        services.AddSingleton<T>(_ => throw new InvalidOperationException($"there is no {typeof(T).Name} behind the explorer"));
}
