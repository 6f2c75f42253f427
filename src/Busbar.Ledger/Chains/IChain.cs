using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Journal;

namespace Busbar.Ledger.Chains;

/// <summary>
/// The chain that our contracts stand on: the node's own engine, or any other Ethereum chain. What is sent is journaled
/// first, so that a crash neither loses nor doubles it. Safe for concurrent callers.
/// </summary>
public interface IChain : IAsyncDisposable
{
    /// <summary>The chain's EIP-155 number.</summary>
    ulong ChainId { get; }

    /// <summary>For reading. Never send a transaction through it: what is not journaled is lost in a crash.</summary>
    EthereumClient Client { get; }

    /// <summary>The newest block that counts as final here.</summary>
    /// <exception cref="EngineException">The engine cannot be restored.</exception>
    /// <exception cref="ChainException">The chain cannot be reached.</exception>
    Task<ChainHead> HeadAsync(CancellationToken cancellation);

    /// <summary>Tries a call without sending it, as if it were in a block of the given time (null: the clock's).</summary>
    Task<CallPreview> PreviewAsync(Address from, ChainCall call, NodaTime.Instant? time, CancellationToken cancellation);

    /// <summary>
    /// Signs the order's calls in their order, journals them together with the store changes that follow, sends them and waits
    /// until what became of them is final.
    /// </summary>
    /// <returns>What became of each call, in order.</returns>
    /// <exception cref="EngineException">The engine cannot be restored; what was journaled is done at the next start.</exception>
    /// <exception cref="ChainException">The chain cannot be reached; what was journaled is sent again later.</exception>
    /// <exception cref="StoreException">The journal failed; nothing was sent.</exception>
    Task<IReadOnlyList<TransactionOutcome>> ExecuteAsync(ChainOrder order, CancellationToken cancellation);

    /// <summary>Waits until what became of a transaction is final that an earlier run has journaled.</summary>
    Task<TransactionOutcome> FollowAsync(Hash256 transaction, CancellationToken cancellation);

    /// <summary>Writes store changes under the chain's own right to write, in one durable step.</summary>
    /// <exception cref="StoreException">The journal failed; nothing was written.</exception>
    Task RecordAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellation);

    /// <summary>
    /// Takes a transaction that someone else signed (a household's wallet). It is durable when accepted.
    /// </summary>
    Task<Submission> SubmitAsync(ReadOnlyMemory<byte> raw, IReadOnlyList<StoreChange> changes, CancellationToken cancellation);
}

/// <summary>The newest block.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Time">Its time, whole seconds.</param>
public sealed record ChainHead(ulong Number, Hash256 Hash, NodaTime.Instant Time);
