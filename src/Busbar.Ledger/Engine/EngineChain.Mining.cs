using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Ledger.Engine;

/// <content>Making blocks and coming back after a crash; everything here runs inside the gate.</content>
public sealed partial class EngineChain
{
    // From the append on nothing may be left half done, so no cancellation reaches in here.
    private async Task<IReadOnlyDictionary<Hash256, TransactionReceipt>> MineAsync(
        IReadOnlyList<PendingTransaction> added, IReadOnlyList<StoreChange> changes, Instant time)
    {
        var earliest = _head.Time.ToUnixTimeSeconds() + 1;
        var block = new BlockRecord(
            _head.Number + 1, Math.Max(earliest, time.ToUnixTimeSeconds()), [.. _waiting.Concat(added).Select(t => t.Signed.Hash)]);
        List<JournalRecord> records = [.. added.Select(TransactionRecord), block.ToRecord(_log.Now)];
        await _log.AppendAsync(records, changes, CancellationToken.None);
        _waiting.AddRange(added);
        foreach (var pending in added)
            _nonces.Used(pending.Sender);
        var began = _time.GetTimestamp();
        var mined = await FinishAsync(block);
        _work += _time.GetElapsedTime(began);
        _unsaved++;
        if (_unsaved >= _options.SnapshotBlocks || _work >= _options.SnapshotWork.ToTimeSpan())
            await TrySaveAsync();
        return mined;
    }

    // The block is in the journal: when the engine dies or makes another one, a replay makes it.
    private async Task<IReadOnlyDictionary<Hash256, TransactionReceipt>> FinishAsync(BlockRecord block)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (attempt == 1)
                    await SendAndMineAsync(block);
                else
                    await RestoreAsync(CancellationToken.None);
                var made = await EngineBlock.ReadAsync(_host.Running, block.Number, CancellationToken.None);
                if (made.Fits(block))
                {
                    Take(block, made);
                    return made.Receipts;
                }

                if (attempt == Attempts)
                    throw new EngineException(EngineFailure.ReplayDiffers, $"the engine does not make block {block.Number} as it was journaled");
            }
            catch (EthereumRpcException failed)
            {
                if (attempt == Attempts)
                    throw new EngineException(EngineFailure.Stopped, $"the engine stops at block {block.Number}: {failed.Message}", failed);
            }
        }
    }

    private async Task SendAndMineAsync(BlockRecord block)
    {
        await SendWaitingAsync();
        await _host.Running.MineAsync(block.Time, CancellationToken.None);
        if (_refused.Count > 0)
            await _host.Running.DropWaitingAsync(CancellationToken.None);
    }

    private void Take(BlockRecord block, EngineBlock made)
    {
        var refused = block.Transactions.Where(hash => !made.Receipts.ContainsKey(hash)).ToList();
        if (refused.Count > 0)
            _nonces.Clear();
        _log.AppendLate(new BlockMinedRecord(block.Number, made.Head.Hash, refused).ToRecord(_log.Now));
        _head = made.Head;
        _waiting.Clear();
        _sent = 0;
        _nonces.Trim();
    }

    private async Task SendOrRestoreAsync()
    {
        try
        {
            await SendWaitingAsync();
        }
        catch (EthereumRpcException)
        {
            await RestoreAsync(CancellationToken.None);
        }
    }

    private async Task SendWaitingAsync()
    {
        if (_sent == 0)
            _refused.Clear();
        var unsent = _waiting.Skip(_sent).ToList();
        var refusals = await _host.Running.SendAsync(unsent, CancellationToken.None);
        _sent = _waiting.Count;
        for (var i = 0; i < unsent.Count; i++)
        {
            if (refusals[i] is { } words)
                _refused[unsent[i].Signed.Hash] = words;
        }
    }

    private async Task RestoreAsync(CancellationToken cancellation)
    {
        await _log.FlushAsync(cancellation);
        var (waiting, blocks, work) = await _host.RestoreAsync(_log, _genesis, cancellation);
        _head = (await EngineBlock.ReadAsync(_host.Running, null, cancellation)).Head;
        _waiting.Clear();
        _waiting.AddRange(waiting);
        _sent = 0;
        _nonces.Clear();
        foreach (var pending in waiting)
        {
            await _nonces.NextAsync(pending.Sender, cancellation);
            _nonces.Used(pending.Sender);
        }

        (_unsaved, _work) = (blocks, work);
    }

    // A snapshot only saves time at the next start: without it, more of the journal is replayed.
    private async Task TrySaveAsync()
    {
        try
        {
            var dump = await _host.Running.DumpAsync(CancellationToken.None);
            await _host.SaveAsync(_genesis, _head, _log.NextPosition, dump, CancellationToken.None);
            SnapshotFailure = null;
        }
        catch (Exception failed) when (failed is EthereumRpcException or IOException)
        {
            SnapshotFailure = failed.Message;
        }

        (_unsaved, _work) = (0, TimeSpan.Zero);
    }
}
