using System.Diagnostics.CodeAnalysis;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Chains;

namespace Busbar.Ledger.Engine;

/// <summary>The engine's process and folder: starts it, restores it, ends it. Not for concurrent callers but for reading.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private const int Attempts = 3;

    private readonly EngineOptions _options;
    private readonly string _binary;
    private readonly EngineFolder _folder;
    private readonly HttpClient _http;
    private volatile AnvilNode? _node;
    private int? _port;

    public EngineHost(EngineOptions options)
    {
        _options = options;
        _port = options.Port;
        _binary = AnvilBinary.Find(options.BinaryPath);
        _folder = EngineFolder.Open(options.Folder);
        _folder.EndLeftover(_binary);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }

    public AnvilNode? Node => _node;

    /// <summary>The newest block that the journal has.</summary>
    public ulong JournaledBlocks { get; set; }

    [MemberNotNullWhen(true, nameof(Node))]
    public bool IsRunning => _node is { Exited.IsCompleted: false };

    public AnvilNode Running => _node ?? throw new EngineException(EngineFailure.Stopped, "the engine is not running");

    /// <summary>What the installed engine calls itself, such as <c>anvil/v1.7.1</c>: found by starting it once.</summary>
    public async Task<string> VersionAsync(GenesisRecord wanted, CancellationToken cancellation)
    {
        await using var node = await AnvilNode.StartAsync(_http, _binary, _options.Port, wanted, null, AnvilNode.KeptBlocks, cancellation);
        return node.Version;
    }

    /// <summary>Starts the engine anew and brings it to the journal's end.</summary>
    public async Task<(IReadOnlyList<PendingTransaction> Waiting, int Blocks, TimeSpan Work)> RestoreAsync(
        EngineLog log, GenesisRecord genesis, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RestoreOnceAsync(log, genesis, cancellation);
            }
            catch (EthereumRpcException) when (attempt < Attempts)
            {
                // It died while it was restored: once more.
            }
            catch (EthereumRpcException failed)
            {
                throw new EngineException(EngineFailure.Stopped, $"the engine stops whenever it is restored: {failed.Message}", failed);
            }
        }
    }

    public Task SaveAsync(GenesisRecord genesis, ChainHead head, long position, ReadOnlyMemory<byte> dump, CancellationToken cancellation) =>
        _folder.Snapshots.SaveAsync(genesis.Id, head.Number, head.Hash, position, dump, cancellation);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private async Task<(IReadOnlyList<PendingTransaction> Waiting, int Blocks, TimeSpan Work)> RestoreOnceAsync(
        EngineLog log, GenesisRecord genesis, CancellationToken cancellation)
    {
        var snapshots = await _folder.Snapshots.ListAsync(genesis.Id, cancellation);
        foreach (var snapshot in snapshots.Where(HoldsNeededEvents))
        {
            try
            {
                return await RestoreFromAsync(snapshot, log, genesis, cancellation);
            }
            catch (EngineException failed) when (failed.Failure is EngineFailure.DidNotStart or EngineFailure.ReplayDiffers)
            {
                // The older snapshot, or else the whole journal, tells whether it was this snapshot's fault.
            }
        }

        return await RestoreFromAsync(null, log, genesis, cancellation);
    }

    private bool HoldsNeededEvents(SnapshotManifest snapshot) =>
        _options.EventsFrom is not { } needed || needed + AnvilNode.KeptBlocks > snapshot.Number + 1;

    private async Task<(IReadOnlyList<PendingTransaction> Waiting, int Blocks, TimeSpan Work)> RestoreFromAsync(
        SnapshotManifest? snapshot, EngineLog log, GenesisRecord genesis, CancellationToken cancellation)
    {
        await StopAsync();
        var state = snapshot is null ? null : _folder.Snapshots.PathOf(snapshot);
        var node = await AnvilNode.StartAsync(_http, _binary, _port, genesis, state, KeptBlocks(), cancellation);
        _folder.Remember(node.ProcessId);
        _node = node;
        var began = TimeProvider.System.GetTimestamp();
        if (snapshot is null)
            await node.AllotAsync(genesis, cancellation);
        var (waiting, blocks) = await EngineReplay.RunAsync(node, log, genesis, snapshot, cancellation);
        return (waiting, blocks, TimeProvider.System.GetElapsedTime(began));
    }

    // Where events are still to be read, the replay keeps them, once: those of the snapshot too, which it would push out.
    private ulong KeptBlocks() =>
        _options.EventsFrom is { } needed && needed <= JournaledBlocks
            ? AnvilNode.KeptBlocks + JournaledBlocks - needed
            : AnvilNode.KeptBlocks;

    private async Task StopAsync()
    {
        if (_node is not { } node)
            return;
        _node = null;
        await node.DisposeAsync();
        _folder.Forget();
    }
}
