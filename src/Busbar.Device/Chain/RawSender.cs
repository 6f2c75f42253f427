using System.Globalization;
using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;

namespace Busbar.Device.Chain;

/// <summary>
/// Sends a device's own transactions through its node: asks for nonce, fees and gas, signs here, keeps what is signed on disk before it is
/// sent, and waits for its block. What was signed before a crash is seen through first, under its own nonce, so that nothing is sent twice.
/// One at a time; other calls wait.
/// </summary>
public sealed class RawSender : IDisposable
{
    private const int FeeBlocks = 5;

    private readonly EthereumClient _client;
    private readonly Address _sender;
    private readonly Func<Transaction, SignedTransaction> _sign;
    private readonly RawSenderOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Makes a sender.</summary>
    /// <param name="client">The node's JSON-RPC.</param>
    /// <param name="sender">The address of the key.</param>
    /// <param name="sign">Signs with the key, which stays where it is.</param>
    /// <param name="options">How it sends.</param>
    /// <param name="time">For pauses.</param>
    public RawSender(
        EthereumClient client, Address sender, Func<Transaction, SignedTransaction> sign, RawSenderOptions options, TimeProvider time) =>
        (_client, _sender, _sign, _options, _time) = (client, sender, sign, options, time);

    /// <summary>Told of each transaction that is kept and about to be sent; neither blocks nor throws.</summary>
    public Action<SignedTransaction>? Sending { get; set; }

    /// <summary>
    /// Sees a call through to its block. Where one of before a crash was the same call, that one is it, and nothing new is signed.
    /// </summary>
    /// <exception cref="RawSendException">It did not do its work, or nobody knows yet.</exception>
    public async Task<TransactionReceipt> SendAsync(RawCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return (await WithKeptAsync(async kept =>
        {
            if (kept.Load(_options.ChainId, _sender) is { } before)
            {
                if (IsSame(before.Transaction, call))
                    return await SeeThroughAsync(kept, before, cancellation);
                await SeeThroughOtherAsync(kept, before, cancellation);
            }

            var signed = await SignAsync(call, cancellation);
            kept.Keep(signed);
            return await SeeThroughAsync(kept, signed, cancellation);
        }, cancellation))!;
    }

    /// <summary>Sees what was signed before a crash through to its block.</summary>
    /// <returns>Its receipt; null where there was nothing.</returns>
    /// <exception cref="RawSendException">It did not do its work, or nobody knows yet.</exception>
    public Task<TransactionReceipt?> ResumeAsync(CancellationToken cancellation) => WithKeptAsync<TransactionReceipt?>(
        async kept => kept.Load(_options.ChainId, _sender) is { } before ? await SeeThroughAsync(kept, before, cancellation) : null,
        cancellation);

    /// <summary>Lets go of what it holds; nothing on disk changes.</summary>
    public void Dispose() => _one.Dispose();

    private async Task<T> WithKeptAsync<T>(Func<KeptTransaction, Task<T>> act, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            using var kept = KeptTransaction.Take(_options.Folder);
            var chain = await AskAsync(token => _client.GetChainIdAsync(token), cancellation);
            return chain == _options.ChainId
                ? await act(kept)
                : throw new RawSendException(
                    RawSendFailure.WrongChain, $"the node is of chain {chain}, this device trades on chain {_options.ChainId}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RawSendException(RawSendFailure.NotKept, $"the folder cannot be used: {failure.Message}", failure);
        }
        finally
        {
            _one.Release();
        }
    }

    // What became of another call is not the caller's, unless nobody knows: then nothing new may be signed.
    private async Task SeeThroughOtherAsync(KeptTransaction kept, SignedTransaction before, CancellationToken cancellation)
    {
        try
        {
            await SeeThroughAsync(kept, before, cancellation);
        }
        catch (RawSendException failure) when (!failure.IsTransient)
        {
            // It is settled and forgotten.
        }
    }

    private async Task<SignedTransaction> SignAsync(RawCall call, CancellationToken cancellation)
    {
        var nonce = await AskAsync(token => _client.GetTransactionCountAsync(_sender, BlockTag.Pending, token), cancellation);
        var (most, tip) = await FeesAsync(cancellation);
        var balance = await AskAsync(token => _client.GetBalanceAsync(_sender, cancellationToken: token), cancellation);
        if (balance < call.Value)
            throw NoFunds(balance, call.Value);
        var gas = await EstimateAsync(call, cancellation);
        var needed = call.Value + (most * gas);
        if (balance < needed)
            throw NoFunds(balance, needed);
        return _sign(new()
        {
            ChainId = _options.ChainId,
            Nonce = nonce,
            MaxFeePerGas = most,
            MaxPriorityFeePerGas = tip,
            GasLimit = gas,
            To = call.To,
            Value = call.Value,
            Data = call.Data,
        });
    }

    // Room for the base fee to double while it waits, and the middle tip of the newest blocks, where the chain asks for any.
    private async Task<(BigInteger Most, BigInteger Tip)> FeesAsync(CancellationToken cancellation)
    {
        var history = await AskAsync(token => _client.GetFeeHistoryAsync(FeeBlocks, BlockTag.Latest, [50], token), cancellation);
        var next = history.BaseFeePerGas.Count > 0 ? history.BaseFeePerGas[^1] : 0;
        var tips = history.Reward.Where(reward => reward.Count > 0).Select(reward => reward[0]).Order().ToList();
        var tip = next.IsZero || tips.Count == 0 ? 0 : tips[tips.Count / 2];
        if (next + tip > _options.MostPerGas)
        {
            throw new RawSendException(
                RawSendFailure.TooDear, $"a unit of gas costs {Wei(next + tip)} and this device pays {Wei(_options.MostPerGas)} at most");
        }

        return (BigInteger.Min((2 * next) + tip, _options.MostPerGas), tip);
    }

    private async Task<ulong> EstimateAsync(RawCall call, CancellationToken cancellation)
    {
        try
        {
            var request = Request(call.To, call.Value, call.Data);
            var estimate = await AskAsync(token => _client.EstimateGasAsync(request, cancellationToken: token), cancellation);
            return estimate + (estimate / 4);
        }
        catch (EthereumRpcException refused)
        {
            throw new RawSendException(RawSendFailure.WouldRevert, $"nothing was sent: {refused.NodeMessage ?? refused.Message}", refused);
        }
    }

    private async Task<TransactionReceipt> SeeThroughAsync(KeptTransaction kept, SignedTransaction signed, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        Sending?.Invoke(signed);
        if (await ReceiptAsync(signed, cancellation) is { } early)
            return await SettleAsync(kept, signed, early, cancellation);
        await SendAsync(kept, signed, cancellation);
        while (_time.GetElapsedTime(began) < _options.Patience)
        {
            if (await ReceiptAsync(signed, cancellation) is { } receipt)
                return await SettleAsync(kept, signed, receipt, cancellation);
            if (await IsOvertakenAsync(signed, cancellation))
                throw Settled(kept, NonceTaken(signed));
            await Task.Delay(_options.Poll, _time, cancellation);
        }

        throw new RawSendException(
            RawSendFailure.StillPending,
            $"{signed.Hash} is in no block after {_options.Patience.TotalSeconds:0} s; it is kept, and the next call goes on waiting for it");
    }

    private async Task SendAsync(KeptTransaction kept, SignedTransaction signed, CancellationToken cancellation)
    {
        try
        {
            await AskAsync(token => _client.SendRawTransactionAsync(signed.Raw, token), cancellation);
        }
        catch (EthereumRpcException refused)
        {
            // A node that has it already says so in words of its own; whether it has is asked, not read out of them.
            if (await AskAsync(token => _client.GetTransactionAsync(signed.Hash, token), cancellation) is not null)
                return;
            if (await IsOvertakenAsync(signed, cancellation))
                throw Settled(kept, NonceTaken(signed));
            var balance = await AskAsync(token => _client.GetBalanceAsync(_sender, cancellationToken: token), cancellation);
            var needed = signed.Transaction.Value + (signed.Transaction.MaxFeePerGas * signed.Transaction.GasLimit);
            throw Settled(kept, balance < needed
                ? NoFunds(balance, needed)
                : new(RawSendFailure.Refused, $"the node did not take it: {refused.NodeMessage ?? refused.Message}", refused));
        }
    }

    private async Task<TransactionReceipt> SettleAsync(
        KeptTransaction kept, SignedTransaction signed, TransactionReceipt receipt, CancellationToken cancellation)
    {
        if (receipt.Succeeded)
        {
            kept.Forget();
            return receipt;
        }

        var (why, refused) = await WhyAsync(signed, receipt, cancellation);
        throw Settled(kept, new(RawSendFailure.Reverted, $"{signed.Hash} was undone in block {receipt.BlockNumber}: {why}", refused));
    }

    // The same call on the state that the block left is refused for the same reason, or nearly always so.
    private async Task<(string Words, EthereumRpcException? Refused)> WhyAsync(
        SignedTransaction signed, TransactionReceipt receipt, CancellationToken cancellation)
    {
        var transaction = signed.Transaction;
        var request = Request(transaction.To!.Value, transaction.Value, transaction.Data) with { GasLimit = transaction.GasLimit };
        try
        {
            await AskAsync(token => _client.CallAsync(request, BlockTag.At(receipt.BlockNumber), token), cancellation);
            var ranOut = receipt.GasUsed >= transaction.GasLimit;
            return (ranOut ? "it ran out of gas" : "the reason is gone, the same call would pass now", null);
        }
        catch (EthereumRpcException refused)
        {
            return (refused.NodeMessage ?? refused.Message, refused);
        }
    }

    private async Task<bool> IsOvertakenAsync(SignedTransaction signed, CancellationToken cancellation) =>
        await AskAsync(token => _client.GetTransactionCountAsync(_sender, cancellationToken: token), cancellation) > signed.Transaction.Nonce
        && await ReceiptAsync(signed, cancellation) is null;

    private Task<TransactionReceipt?> ReceiptAsync(SignedTransaction signed, CancellationToken cancellation) =>
        AskAsync(token => _client.GetTransactionReceiptAsync(signed.Hash, token), cancellation);

    private async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask(cancellation);
            }
            catch (EthereumRpcException away) when (away.IsTransient)
            {
                if (_time.GetElapsedTime(began) >= _options.Patience)
                {
                    throw new RawSendException(
                        RawSendFailure.NodeAway, $"the node does not answer: {away.Message}; what was signed is kept", away);
                }
            }

            await Task.Delay(_options.Poll, _time, cancellation);
        }
    }

    private CallRequest Request(Address to, BigInteger value, ReadOnlyMemory<byte> data) =>
        new() { From = _sender, To = to, Value = value, Data = data };

    private static bool IsSame(Transaction before, RawCall call) =>
        before.To == call.To && before.Value == call.Value && before.Data.Span.SequenceEqual(call.Data.Span);

    private static RawSendException Settled(KeptTransaction kept, RawSendException failure)
    {
        kept.Forget();
        return failure;
    }

    private RawSendException NoFunds(BigInteger has, BigInteger needs) =>
        new(RawSendFailure.NoFunds, $"{_sender} has {Wei(has)} and needs {Wei(needs)}; nothing was sent");

    private RawSendException NonceTaken(SignedTransaction signed) => new(
        RawSendFailure.NonceTaken,
        $"another transaction of {_sender} with the nonce {signed.Transaction.Nonce} was taken instead of {signed.Hash}");

    private static string Wei(BigInteger amount) => amount.ToString(CultureInfo.InvariantCulture) + " wei";
}
