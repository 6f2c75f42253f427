using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Journal;
using NodaTime;
using Polly;
using Polly.Retry;

namespace Busbar.Ledger.Chains;

/// <summary>
/// Any Ethereum chain behind JSON-RPC. Signed transactions are journaled before they are sent; one that waits too long is
/// replaced by one that pays more; one that a reorganisation takes back is sent again; it is final after the confirmations.
/// </summary>
public sealed class RemoteChain : IChain
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly RemoteOptions _options;
    private readonly RemoteLog? _log;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _retry;

    private RemoteChain(EthereumClient client, ulong chainId, RemoteOptions options, RemoteLog? log, TimeProvider time, ResiliencePipeline retry)
    {
        (Client, ChainId, _options, _log, _time, _retry) = (client, chainId, options, log, time, retry);
    }

    /// <inheritdoc />
    public ulong ChainId { get; }

    /// <inheritdoc />
    public EthereumClient Client { get; }

    /// <summary>Reaches a chain and checks that it is the expected one.</summary>
    /// <param name="client">The chain's client.</param>
    /// <param name="options">How it is used.</param>
    /// <param name="journal">Keeps what is sent; null for a single deployment, which can be begun anew.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ChainException">It cannot be reached, or is another chain.</exception>
    public static async Task<RemoteChain> ConnectAsync(
        EthereumClient client, RemoteOptions options, IJournal? journal, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Confirmations, 1, nameof(options));
        var retry = Pipeline(options, time);
        var chain = await AskAsync(retry, token => client.GetChainIdAsync(token), cancellation);
        if (options.ChainId is { } expected && chain != expected)
            throw new ChainException($"what answers is chain {chain}, not {expected}: check the address", isTransient: false);
        var log = journal is null ? null : await RemoteLog.OpenAsync(journal, time, cancellation);
        return new(client, chain, options, log, time, retry);
    }

    /// <inheritdoc />
    public async Task<ChainHead> HeadAsync(CancellationToken cancellation)
    {
        var newest = await AskAsync(token => Client.GetBlockNumberAsync(token), cancellation);
        var final = newest + 1 < (ulong)_options.Confirmations ? 0 : newest + 1 - (ulong)_options.Confirmations;
        var block = await AskAsync(token => Client.GetBlockAsync(BlockTag.At(final), cancellationToken: token), cancellation);
        return block is { Hash: { } hash }
            ? new(final, hash, Instant.FromUnixTimeSeconds((long)block.Timestamp))
            : throw new ChainException($"the chain has no block {final} any more", isTransient: true);
    }

    /// <inheritdoc />
    /// <remarks>The time is not used: another chain decides for itself.</remarks>
    public Task<CallPreview> PreviewAsync(Address from, ChainCall call, Instant? time, CancellationToken cancellation) =>
        AskAsync(token => Preview.AskAsync(Client, from, call, null, token), cancellation);

    /// <inheritdoc />
    public async Task<IReadOnlyList<TransactionOutcome>> ExecuteAsync(ChainOrder order, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfZero(order.Calls.Count, nameof(order));
        await _gate.WaitAsync(cancellation);
        try
        {
            var signed = await SignAsync(order, cancellation);
            await WriteAsync(signed, order.Changes?.Invoke(signed.ConvertAll(t => t.Hash)) ?? [], cancellation);
            var outcomes = new List<TransactionOutcome>();
            foreach (var transaction in signed)
            {
                // What is journaled may yet pass and is seen through; without a journal nobody would ever send it again.
                if (await SendAsync(transaction, cancellation) is { } refusal && _log is null)
                    return signed.ConvertAll(refused => new TransactionOutcome(refused.Hash, null, refusal));
            }

            foreach (var transaction in signed)
                outcomes.Add(await SeeThroughAsync(transaction, order.Key, cancellation));
            return outcomes;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public async Task<TransactionOutcome> FollowAsync(Hash256 transaction, CancellationToken cancellation)
    {
        var family = _log is null ? [] : await _log.FindAsync(transaction, cancellation);
        if (family.Count == 0)
            return new(transaction, null, "it was never journaled");
        await SendAsync(family[^1], cancellation);
        return await SeeThroughAsync(family, null, cancellation);
    }

    /// <inheritdoc />
    public async Task RecordAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await WriteAsync([], changes, cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public async Task<Submission> SubmitAsync(ReadOnlyMemory<byte> raw, IReadOnlyList<StoreChange> changes, CancellationToken cancellation)
    {
        if (!SignedTransaction.TryDecode(raw.Span, out var signed, out var malformed))
            return new Submission.Refused(SubmissionRefusal.Invalid, malformed.ToString());
        if (TransactionRules.Check(signed, ChainId, out _) is var broken and not TransactionRefusal.None)
            return new Submission.Refused(SubmissionRefusal.Invalid, broken.ToString());
        await _gate.WaitAsync(cancellation);
        try
        {
            await WriteAsync([signed], changes, cancellation);
            return await SendAsync(signed, cancellation) is { } words
                ? new Submission.Refused(SubmissionRefusal.RefusedByChain, words)
                : new Submission.Accepted(signed.Hash);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<List<SignedTransaction>> SignAsync(ChainOrder order, CancellationToken cancellation)
    {
        var sender = order.Key.Address;
        var fees = await AskAsync(token => Fees.AskAsync(Client, _options.MostPerGas, token), cancellation);
        var nonce = await AskAsync(token => Client.GetTransactionCountAsync(sender, BlockTag.Pending, token), cancellation);
        var signed = new List<SignedTransaction>();
        foreach (var call in order.Calls)
        {
            var gas = call.GasLimit ?? await AskAsync(token => GasEstimate.ForAsync(Client, sender, call, ulong.MaxValue, token), cancellation);
            var transaction = new Transaction
            {
                ChainId = ChainId,
                Nonce = nonce++,
                GasLimit = gas,
                To = call.To,
                Value = (BigInteger)call.Value.Wei,
                Data = call.Data,
                MaxFeePerGas = fees.Most,
                MaxPriorityFeePerGas = fees.Tip,
            };
            signed.Add(transaction.Sign(order.Key));
        }

        return signed;
    }

    private async Task WriteAsync(IReadOnlyList<SignedTransaction> signed, IReadOnlyList<StoreChange> changes, CancellationToken cancellation)
    {
        if (_log is not null)
            await _log.AppendAsync(signed, changes, cancellation);
        else if (changes.Count > 0)
            throw new InvalidOperationException("a chain without a journal keeps no store changes");
    }

    /// <returns>Why the chain refuses it, or null. That it knows it already is no refusal.</returns>
    private async Task<string?> SendAsync(SignedTransaction transaction, CancellationToken cancellation)
    {
        try
        {
            await AskAsync(token => Client.SendRawTransactionAsync(transaction.Raw, token), cancellation);
            return null;
        }
        catch (ChainException refused) when (!refused.IsTransient)
        {
            return await AskAsync(token => Client.GetTransactionAsync(transaction.Hash, token), cancellation) is null ? refused.Message : null;
        }
    }

    private Task<TransactionOutcome> SeeThroughAsync(SignedTransaction first, PrivateKey? key, CancellationToken cancellation) =>
        SeeThroughAsync([first], key, cancellation);

    private async Task<TransactionOutcome> SeeThroughAsync(
        IReadOnlyList<SignedTransaction> journaled, PrivateKey? key, CancellationToken cancellation)
    {
        var family = journaled.ToList();
        var first = family[0];
        first.TryRecoverSender(out var sender);
        var sentAt = _time.GetTimestamp();
        ulong? overtakenAt = null;
        while (true)
        {
            if (await FinalReceiptAsync(family, cancellation) is { } receipt)
                return new(first.Hash, receipt, null);
            var newest = await OvertakenAtAsync(family, sender, cancellation);
            overtakenAt = newest is null ? null : overtakenAt ?? newest;
            if (newest + 1 >= overtakenAt + (ulong)_options.Confirmations)
                return new(first.Hash, null, $"another transaction of {sender} with the nonce {first.Transaction.Nonce} was taken instead");
            if (_time.GetElapsedTime(sentAt) >= _options.Patience)
            {
                sentAt = _time.GetTimestamp();
                await HurryAsync(family, key, cancellation);
            }

            await Task.Delay(_options.Poll, _time, cancellation);
        }
    }

    // The newest of a family is sent again, with more pay where the key is at hand.
    private async Task HurryAsync(List<SignedTransaction> family, PrivateKey? key, CancellationToken cancellation)
    {
        var stuck = family[^1];
        if (key is not null)
        {
            var present = await AskAsync(token => Fees.AskAsync(Client, _options.MostPerGas, token), cancellation);
            var fees = Fees.Raise(stuck.Transaction, present, _options.MostPerGas);
            var raised = stuck.Transaction with { MaxFeePerGas = fees.Most, MaxPriorityFeePerGas = fees.Tip };
            if (raised.MaxFeePerGas > stuck.Transaction.MaxFeePerGas)
            {
                stuck = raised.Sign(key);
                await WriteAsync([stuck], [], cancellation);
                family.Add(stuck);
            }
        }

        await SendAsync(stuck, cancellation);
    }

    private async Task<TransactionReceipt?> FinalReceiptAsync(List<SignedTransaction> family, CancellationToken cancellation)
    {
        var receipts = await AskAsync(token => Client.GetTransactionReceiptsAsync([.. family.Select(t => t.Hash)], token), cancellation);
        if (receipts.FirstOrDefault(receipt => receipt is not null) is not { } receipt)
            return null;
        var newest = await AskAsync(token => Client.GetBlockNumberAsync(token), cancellation);
        return newest + 1 >= receipt.BlockNumber + (ulong)_options.Confirmations ? receipt : null;
    }

    /// <returns>The newest block, when it has the nonce used and none of the family in it or before it; else null.</returns>
    private async Task<ulong?> OvertakenAtAsync(List<SignedTransaction> family, Address sender, CancellationToken cancellation)
    {
        var newest = await AskAsync(token => Client.GetBlockNumberAsync(token), cancellation);
        var used = await AskAsync(token => Client.GetTransactionCountAsync(sender, cancellationToken: token), cancellation);
        if (used <= family[0].Transaction.Nonce)
            return null;
        var receipts = await AskAsync(token => Client.GetTransactionReceiptsAsync([.. family.Select(t => t.Hash)], token), cancellation);
        return receipts.All(receipt => receipt is null) ? newest : null;
    }

    private Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellation) => AskAsync(_retry, ask, cancellation);

    private static async Task<T> AskAsync<T>(ResiliencePipeline retry, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await retry.ExecuteAsync(async token => await ask(token), cancellation);
        }
        catch (EthereumRpcException failed)
        {
            throw new ChainException($"the chain does not do what is asked: {failed.Message}", failed.IsTransient, failed);
        }
    }

    private static ResiliencePipeline Pipeline(RemoteOptions options, TimeProvider time) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<EthereumRpcException>(failed => failed.IsTransient),
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(10),
                MaxRetryAttempts = Math.Max(1, (int)(options.LongestOutage / TimeSpan.FromSeconds(10))),
            })
            .Build();
}
