using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Journal;

namespace Busbar.Ledger.Engine;

/// <summary>Brings a started engine from a snapshot, or from nothing, to the journal's end.</summary>
internal sealed class EngineReplay
{
    private readonly AnvilNode _node;
    private readonly GenesisRecord _genesis;
    private readonly List<PendingTransaction> _waiting = [];
    private readonly SortedDictionary<ulong, Hash256> _expected = [];
    private ulong _number;

    private EngineReplay(AnvilNode node, GenesisRecord genesis, ulong number)
    {
        _node = node;
        _genesis = genesis;
        _number = number;
    }

    /// <returns>Journaled transactions that are in no block yet, and how many blocks were mined anew.</returns>
    /// <exception cref="EngineException"><see cref="EngineFailure.ReplayDiffers"/> or <see cref="EngineFailure.JournalUnusable"/>.</exception>
    /// <exception cref="EthereumRpcException">The engine stopped meanwhile.</exception>
    public static async Task<(IReadOnlyList<PendingTransaction> Waiting, int Blocks)> RunAsync(
        AnvilNode node, EngineLog log, GenesisRecord genesis, SnapshotManifest? snapshot, CancellationToken cancellation)
    {
        var replay = new EngineReplay(node, genesis, snapshot?.Number ?? 0);
        if (snapshot is not null)
            replay._expected[snapshot.Number] = snapshot.BlockHash;
        var blocks = 0;
        await foreach (var entry in log.ReadAsync(snapshot?.Position ?? 0, cancellation))
        {
            if (entry.Record.Kind == RecordKind.Block)
                blocks++;
            await replay.ApplyAsync(entry, cancellation);
        }

        await replay.CompareAsync(cancellation);
        return (replay._waiting, blocks);
    }

    private async Task ApplyAsync(JournalEntry entry, CancellationToken cancellation)
    {
        switch (entry.Record.Kind)
        {
            case RecordKind.Genesis:
                if (GenesisRecord.Read(entry) != _genesis)
                    throw EngineRecords.Unusable(entry);
                break;
            case RecordKind.Transaction:
                _waiting.Add(ReadTransaction(entry));
                break;
            case RecordKind.Block:
                await MineAsync(entry, cancellation);
                break;
            case RecordKind.BlockMined:
                Expect(BlockMinedRecord.Read(entry));
                break;
            default:
                throw EngineRecords.Unusable(entry);
        }
    }

    private static PendingTransaction ReadTransaction(JournalEntry entry) =>
        SignedTransaction.TryDecode(entry.Record.Payload.Span, out var signed, out _) && signed.TryRecoverSender(out var sender)
            ? new(signed, sender)
            : throw EngineRecords.Unusable(entry);

    private async Task MineAsync(JournalEntry entry, CancellationToken cancellation)
    {
        var block = BlockRecord.Read(entry);
        if (block.Number != _number + 1 || !block.Transactions.SequenceEqual(_waiting.Select(t => t.Signed.Hash)))
            throw EngineRecords.Unusable(entry);
        var refusals = await _node.SendAsync(_waiting, cancellation);
        await _node.MineAsync(block.Time, cancellation);
        if (refusals.Any(refusal => refusal is not null))
            await _node.DropWaitingAsync(cancellation);
        _waiting.Clear();
        _number = block.Number;
    }

    private void Expect(BlockMinedRecord mined)
    {
        if (_expected.TryGetValue(mined.Number, out var known) && known != mined.Hash)
            throw Differs(mined.Number, mined.Hash, known);
        _expected[mined.Number] = mined.Hash;
    }

    // Each hash stands for all blocks before it, so the newest says it all; the first that differs is looked for only then.
    private async Task CompareAsync(CancellationToken cancellation)
    {
        var head = await _node.Client.GetBlockNumberAsync(cancellation);
        if (head != _number)
            throw new EngineException(EngineFailure.ReplayDiffers, $"the engine is at block {head}, and the journal leads to block {_number}");
        if (_expected.Count == 0)
            return;
        var newest = _expected.Keys.Last();
        if (await HashAsync(newest, cancellation) == _expected[newest])
            return;
        foreach (var (number, hash) in _expected)
        {
            var found = await HashAsync(number, cancellation);
            if (found != hash)
                throw Differs(number, hash, found);
        }
    }

    private async Task<Hash256?> HashAsync(ulong number, CancellationToken cancellation) =>
        (await _node.Client.GetBlockAsync(BlockTag.At(number), cancellationToken: cancellation))?.Hash;

    private static EngineException Differs(ulong number, Hash256 journaled, Hash256? found) => new(
        EngineFailure.ReplayDiffers,
        $"replaying the journal gives block {number} the hash {found}, but it was mined as {journaled}: the journal or the engine is not the one that it was");
}
