using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Ledger.Engine;

/// <summary>
/// The node's own chain: an Anvil process that this class starts and watches, whose log is the journal. A transaction and a
/// block are journaled before the engine sees them, so that after any crash a replay gives identical block hashes.
/// </summary>
public sealed class EngineChain : IChain
{
    private EngineChain()
    {
    }

    /// <inheritdoc />
    public ulong ChainId => throw new NotSupportedException();

    /// <inheritdoc />
    public EthereumClient Client => throw new NotSupportedException();

    /// <summary>Starts the engine and brings it to the journal's end.</summary>
    /// <exception cref="EngineException">It cannot be started or restored; the message tells what to do.</exception>
    public static Task<EngineChain> StartAsync(EngineOptions options, IJournal journal, TimeProvider time, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>Makes a block of all that was submitted, at a time later than the last block's.</summary>
    public Task<ChainHead> MineAsync(Instant time, CancellationToken cancellation) => throw new NotSupportedException();

    /// <inheritdoc />
    public Task<ChainHead> HeadAsync(CancellationToken cancellation) => throw new NotSupportedException();

    /// <inheritdoc />
    public Task<IReadOnlyList<TransactionOutcome>> ExecuteAsync(ChainOrder order, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <inheritdoc />
    public Task RecordAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <inheritdoc />
    public Task<Submission> SubmitAsync(ReadOnlyMemory<byte> raw, IReadOnlyList<StoreChange> changes, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
