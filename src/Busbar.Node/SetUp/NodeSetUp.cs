using System.Net.Sockets;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Journal;
using Busbar.Node.Access;
using Busbar.Node.Community;
using Busbar.Store.Sqlite;
using Microsoft.Extensions.Logging;

namespace Busbar.Node.SetUp;

/// <summary>
/// A node without a community: its page asks for one and for the account of who sets it up, then the node starts with it behind the
/// same doors.
/// </summary>
public sealed partial class NodeSetUp : IAsyncDisposable
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(15);

    private readonly NodeOptions _options;
    private readonly NodeKeys _keys;
    private readonly ILoggerFactory _logs;
    private readonly ILogger<NodeSetUp> _log;
    private readonly AccessDesk _access;
    private readonly SetUpDesk _desk;
    private SqliteStore? _store;
    private SetUpServer? _server;

    private NodeSetUp(NodeOptions options, NodeKeys keys, ILoggerFactory logs, SqliteStore store, AccessDesk access, SetUpDesk desk)
    {
        (_options, _keys, _logs, _store, _access, _desk) = (options, keys, logs, store, access, desk);
        _log = logs.CreateLogger<NodeSetUp>();
    }

    /// <summary>Where the page is.</summary>
    public Uri Page { get; private set; } = null!;

    /// <summary>The code without which nobody sets this node up; it works once.</summary>
    public string Code { get; private set; } = null!;

    /// <summary>The description that the set-up of a data folder wrote, or would write.</summary>
    public static string FileIn(string dataFolder) => SetUpDesk.FileIn(dataFolder);

    /// <summary>Opens the page of a set-up.</summary>
    /// <param name="options">How the node will run; its community is not looked at.</param>
    /// <param name="keys">The node's keys.</param>
    /// <param name="logs">Where it is told what happens.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null when the folder has its description: then the node is started with it.</returns>
    /// <exception cref="NodeStartException">A door is taken, or the folder belongs to a community whose description is missing.</exception>
    public static async Task<NodeSetUp?> OpenAsync(NodeOptions options, NodeKeys keys, ILoggerFactory logs, CancellationToken cancellation)
    {
        if (File.Exists(FileIn(options.DataFolder)))
            return null;
        NodeStart.CheckDoors(options);
        CheckFree(options);
        var store = await SqliteStore.OpenAsync(options.DataFolder, TimeProvider.System, options: null, cancellation);
        AccessDesk? access = null;
        try
        {
            access = await AccessDesk.OpenAsync(
                store,
                new() { ChainId = options.ChainId, Community = "Busbar" },
                new NoLedgerRoles(),
                new NoPremisesBook(),
                options.SystemClock,
                TimeProvider.System,
                logs,
                cancellation);
            if (SetUpDesk.Recover(options.DataFolder, access))
            {
                access.Dispose();
                await store.DisposeAsync();
                return null;
            }

            var setUp = new NodeSetUp(options, keys, logs, store, access, new(options.DataFolder, access, options.SystemClock));
            setUp.Code = await access.SetUpCodeAsync(cancellation) ?? throw NoDescription(options.DataFolder);
            setUp._server = await SetUpServer.StartAsync(setUp._desk, access, options, keys, logs, cancellation);
            setUp.Page = setUp._server.Page;
            return setUp;
        }
        catch
        {
            access?.Dispose();
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits until somebody has chosen the community, and starts the node with it. A start that fails is shown on the page and tried
    /// again every 15 seconds: what was chosen is on disk and stays.
    /// </summary>
    /// <param name="progress">Told at each step of the start; null for nobody.</param>
    /// <param name="cancellation">Gives up; the next <see cref="OpenAsync"/> goes on where this one was.</param>
    public async Task<BusbarNode> StartAsync(IProgress<StartStep>? progress, CancellationToken cancellation)
    {
        var server = _server ?? throw new InvalidOperationException("this set-up is over");
        var community = await _desk.Chosen.WaitAsync(cancellation);
        LogChosen(community.Name);
        var options = _options with
        {
            Community = community,
            HttpPort = server.HttpPort,
            Https = _options.Https is { } https ? https with { Port = server.HttpsPort } : null,
            DoorsOpening = CloseAsync,
        };
        while (true)
        {
            try
            {
                await CloseStoreAsync();
                return await BusbarNode.StartAsync(options, _keys, _logs, new Both(_desk.Progress, progress), cancellation);
            }
            catch (Exception exception) when (_server is not null && exception is NodeStartException or EngineException or ChainException
                or DeploymentException or StoreException or IOException)
            {
                LogFailed(exception, (int)TryAgainAfter.TotalSeconds);
                _desk.Progress.Fail(exception.Message);
                await Task.Delay(TryAgainAfter, TimeProvider.System, cancellation);
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await CloseStoreAsync();
        _access.Dispose();
        _desk.Dispose();
    }

    // The page is there until the moment in which the node opens its own doors.
    private async ValueTask CloseAsync()
    {
        if (_server is { } server)
            await server.DisposeAsync();
        _server = null;
    }

    private async ValueTask CloseStoreAsync()
    {
        if (_store is { } store)
            await store.DisposeAsync();
        _store = null;
    }

    // Better said now than after somebody has filled everything in.
    private static void CheckFree(NodeOptions options)
    {
        if (File.Exists(Path.Combine(options.DataFolder, NodeStart.DeploymentFileName)))
            throw NoDescription(options.DataFolder);
        using var listener = new TcpListener(options.MqttAddress, options.MqttPort);
        try
        {
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw new NodeStartException(
                $"port {options.MqttPort} on {options.MqttAddress} is taken by another program ({exception.Message}); "
                + "stop that program or choose another with --mqtt-port",
                exception);
        }
    }

    private static NodeStartException NoDescription(string folder) => new(
        $"{folder} belongs to a community, but {FileIn(folder)} is missing; restore it from a backup, or name the community's file with --config");

    [LoggerMessage(1311, LogLevel.Information, "The community {Community} was set up in the page")]
    private partial void LogChosen(string community);

    [LoggerMessage(1312, LogLevel.Error, "The node did not start with its new community; trying again in {Seconds} s")]
    private partial void LogFailed(Exception exception, int seconds);

    private sealed class Both(IProgress<StartStep> first, IProgress<StartStep>? second) : IProgress<StartStep>
    {
        public void Report(StartStep value)
        {
            first.Report(value);
            second?.Report(value);
        }
    }
}
