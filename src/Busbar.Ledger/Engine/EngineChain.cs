using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Ledger.Engine;

/// <summary>
/// The node's own chain: an Anvil process that this class starts and watches, whose log is the journal. A transaction and a
/// block are journaled before the engine sees them, so that after any crash a replay gives identical block hashes.
/// </summary>
public sealed partial class EngineChain : IChain
{
    /// <summary>How many of the newest blocks keep their transactions and events in the engine.</summary>
    public const int KeptBlocks = AnvilNode.KeptBlocks;

    private const int Attempts = 3;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly EngineHost _host;
    private readonly EngineOptions _options;
    private readonly GenesisRecord _genesis;
    private readonly EngineLog _log;
    private readonly TimeProvider _time;
    private readonly AccountNonces _nonces;
    private readonly List<PendingTransaction> _waiting = [];
    private readonly Dictionary<Hash256, string> _refused = [];
    private int _sent;
    private ChainHead _head = new(0, default, default);
    private TimeSpan _work;
    private int _unsaved;
    private bool _closed;

    private EngineChain(EngineHost host, EngineOptions options, GenesisRecord genesis, EngineLog log, TimeProvider time)
    {
        (_host, _options, _genesis, _log, _time) = (host, options, genesis, log, time);
        Client = new EthereumClient(new EngineTransport(host, EnsureRunningAsync));
        _nonces = new AccountNonces(() => host.Running.Client);
    }

    /// <inheritdoc />
    public ulong ChainId => _genesis.ChainId;

    /// <inheritdoc />
    public EthereumClient Client { get; }

    /// <summary>The engine and its version, such as <c>anvil/v1.7.1</c>.</summary>
    public string Engine => _genesis.Engine;

    /// <summary>Why the last snapshot could not be written, such as a full disk; null when none failed.</summary>
    public string? SnapshotFailure { get; private set; }

    internal int? ProcessId => _host.Node?.ProcessId;

    /// <summary>Starts the engine and brings it to the journal's end.</summary>
    /// <exception cref="EngineException">It cannot be started or restored; the message tells what to do.</exception>
    public static async Task<EngineChain> StartAsync(
        EngineOptions options, IJournal journal, TimeProvider time, CancellationToken cancellation)
    {
        var host = new EngineHost(options);
        try
        {
            var (genesis, log) = await EngineGenesis.OpenAsync(host, options, journal, time, cancellation);
            var chain = new EngineChain(host, options, genesis, log, time);
            await chain.RestoreAsync(cancellation);
            return chain;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async Task<ChainHead> HeadAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return _head;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Makes a block of all that was submitted. Its time is moved to one second after the last block's when it is not later.
    /// </summary>
    /// <param name="time">The block's time, whole seconds.</param>
    /// <param name="cancellation">Stops waiting for earlier callers; a block that is journaled is mined all the same.</param>
    public async Task<ChainHead> MineAsync(Instant time, CancellationToken cancellation)
    {
        await EnterAsync(cancellation);
        try
        {
            await MineAsync([], [], time);
            return _head;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>As <see cref="MineAsync(Instant, CancellationToken)"/>, of what was submitted; null, and no block, where nothing waits.</summary>
    public async Task<ChainHead?> MineWaitingAsync(Instant time, CancellationToken cancellation)
    {
        await EnterAsync(cancellation);
        try
        {
            if (_waiting.Count == 0)
                return null;
            await MineAsync([], [], time);
            return _head;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public Task<CallPreview> PreviewAsync(Address from, ChainCall call, Instant? time, CancellationToken cancellation)
    {
        // As blocks are: one second after the last one when that is later.
        var earliest = _head.Time + Duration.FromSeconds(1);
        return Preview.AskAsync(Client, from, call, Instant.Max(earliest, time ?? _log.Now), cancellation);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<TransactionOutcome>> ExecuteAsync(ChainOrder order, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfZero(order.Calls.Count, nameof(order));
        await EnterAsync(cancellation);
        try
        {
            var signed = await WhileRunningAsync(() => SignAllAsync(order, cancellation), cancellation);
            var hashes = signed.ConvertAll(t => t.Signed.Hash);
            var receipts = await MineAsync(signed, order.Changes?.Invoke(hashes) ?? [], order.Time ?? _log.Now);
            return hashes.ConvertAll(hash => receipts.TryGetValue(hash, out var receipt)
                ? new TransactionOutcome(hash, receipt, null)
                : new(hash, null, _refused.GetValueOrDefault(hash, "refused by the engine")));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public async Task<TransactionOutcome> FollowAsync(Hash256 transaction, CancellationToken cancellation)
    {
        var receipt = await Client.GetTransactionReceiptAsync(transaction, cancellation);
        return new(transaction, receipt, receipt is null ? "it is in no block" : null);
    }

    /// <inheritdoc />
    public async Task RecordAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            await _log.AppendAsync([], changes, cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public async Task<Submission> SubmitAsync(ReadOnlyMemory<byte> raw, IReadOnlyList<StoreChange> changes, CancellationToken cancellation)
    {
        await EnterAsync(cancellation);
        try
        {
            var (pending, refusal) = await WhileRunningAsync(
                () => new SubmissionCheck(_genesis, _nonces, _host.Running.Client, _waiting).RunAsync(raw, cancellation), cancellation);
            if (pending is null)
                return refusal!;

            // Not cancelled from here on: a transaction that is journaled and not counted as waiting would be missing from its block.
            await _log.AppendAsync([TransactionRecord(pending)], changes, CancellationToken.None);
            _waiting.Add(pending);
            _nonces.Used(pending.Sender);
            await SendOrRestoreAsync();
            return _refused.TryGetValue(pending.Signed.Hash, out var words)
                ? new Submission.Refused(SubmissionRefusal.RefusedByChain, words)
                : new Submission.Accepted(pending.Signed.Hash);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes what is still to be written, makes a snapshot when a replay would take time, and ends the engine.</summary>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_closed)
                return;
            _closed = true;
            await _log.FlushAsync(CancellationToken.None);
            if (_unsaved > 0 && _waiting.Count == 0 && _host.IsRunning)
                await TrySaveAsync();
        }
        finally
        {
            await _host.DisposeAsync();
            _gate.Release();
        }
    }

    /// <summary>Ends the engine as a crash would: nothing is flushed, nothing is saved.</summary>
    internal async Task KillAsync()
    {
        await _gate.WaitAsync();
        _closed = true;
        await _host.DisposeAsync();
        _gate.Release();
    }

    private async Task EnterAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (!_host.IsRunning)
                await RestoreAsync(cancellation);
        }
        catch
        {
            _gate.Release();
            throw;
        }
    }

    private async Task EnsureRunningAsync(CancellationToken cancellation)
    {
        await EnterAsync(cancellation);
        _gate.Release();
    }

    // Nothing is journaled yet: when the engine dies here, it is restored and asked again.
    private async Task<T> WhileRunningAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask();
            }
            catch (EthereumRpcException failed) when (failed.Code is null && attempt < Attempts)
            {
                await RestoreAsync(cancellation);
            }
        }
    }

    private async Task<List<PendingTransaction>> SignAllAsync(ChainOrder order, CancellationToken cancellation)
    {
        var signed = new List<PendingTransaction>(order.Calls.Count);
        var sender = order.Key.Address;
        var nonce = await _nonces.NextAsync(sender, cancellation);
        foreach (var call in order.Calls)
        {
            var gas = call.GasLimit
                ?? await GasEstimate.ForAsync(_host.Running.Client, sender, call, _genesis.BlockGasLimit, cancellation);
            var transaction = new Transaction
            {
                ChainId = ChainId,
                Nonce = nonce++,
                GasLimit = gas,
                To = call.To,
                Value = (BigInteger)call.Value.Wei,
                Data = call.Data,
            };
            signed.Add(new(transaction.Sign(order.Key), sender));
        }

        return signed;
    }

    private JournalRecord TransactionRecord(PendingTransaction pending) => new(RecordKind.Transaction, 1, _log.Now, pending.Signed.Raw);
}
