using Busbar.Ledger.Deploying;
using Busbar.Ledger.Engine;
using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Cli.Running;

/// <summary>
/// The chain of a data folder whose node is stopped: an engine brought to the journal's end. The journal is only read; the engine
/// works on a copy of its snapshots, which goes with it.
/// </summary>
internal sealed class StoppedChain : IAsyncDisposable
{
    private const string AddressesName = "addresses.json";
    private const string EngineName = "engine";

    private readonly SqliteStore _store;
    private readonly DirectoryInfo _copy;
    private EngineChain? _chain;

    private StoppedChain(SqliteStore store, DeploymentFile deployment)
    {
        _store = store;
        Deployment = deployment;
        _copy = Directory.CreateTempSubdirectory("busbar-verify-");
    }

    /// <summary>The folder's store, for reading.</summary>
    public SqliteStore Store => _store;

    /// <summary>What the folder says of its contracts.</summary>
    public DeploymentFile Deployment { get; }

    /// <summary>The chain, for reading.</summary>
    public EngineChain Chain => _chain ?? throw new InvalidOperationException("the engine was not started");

    /// <summary>Starts an engine on a folder's journal.</summary>
    /// <exception cref="CommandFailure">The folder is no data folder.</exception>
    /// <exception cref="Ledger.Journal.StoreException">A node runs there, or the journal is damaged.</exception>
    /// <exception cref="EngineException">The engine does not start, or makes other blocks than the journal says.</exception>
    public static async Task<StoppedChain> OpenAsync(string folder, CancellationToken cancellation)
    {
        foreach (var needed in new[] { SqliteStore.FileName, AddressesName })
        {
            if (!File.Exists(Path.Combine(folder, needed)))
                throw new CommandFailure($"{folder} is no data folder of a node: it has no {needed}");
        }

        var deployment = await DeploymentFile.ReadAsync(Path.Combine(folder, AddressesName), cancellation);
        var opened = new StoppedChain(await SqliteStore.OpenAsync(folder, TimeProvider.System, options: null, cancellation), deployment);
        try
        {
            opened.CopySnapshots(Path.Combine(folder, EngineName));
            var options = new EngineOptions
            {
                Folder = opened._copy.FullName,
                ChainId = deployment.Contracts.ChainId,
                GenesisTime = Instant.MinValue,
            };
            opened._chain = await EngineChain.StartAsync(options, new ReadOnlyJournal(opened._store.Journal), TimeProvider.System, cancellation);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_chain is not null)
            await _chain.DisposeAsync();
        await _store.DisposeAsync();
        _copy.Delete(recursive: true);
    }

    // Restoring from a snapshot is quick; without one the whole journal is replayed, to the same blocks. Who runs there, and as
    // which process, is the node's own matter.
    private void CopySnapshots(string engine)
    {
        if (!Directory.Exists(engine))
            return;
        foreach (var file in Directory.EnumerateFiles(engine))
        {
            if (Path.GetExtension(file) is not (".pid" or ".lock"))
                File.Copy(file, Path.Combine(_copy.FullName, Path.GetFileName(file)));
        }
    }
}
