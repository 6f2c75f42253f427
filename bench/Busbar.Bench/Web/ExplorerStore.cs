using System.Buffers.Binary;
using Busbar.Bench.Running;
using Busbar.Cryptography;
using Busbar.Ethereum.Abi;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Exploring;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Bench.Web;

/// <summary>A store as years of a community leave it: an anchor a block, all by one operator, and wallets' own transactions.</summary>
internal sealed class ExplorerStore : IAsyncDisposable
{
    public const int Transactions = 100_000;
    private const int InABlock = 2;
    private const int BlocksInAWrite = 500;
    private const int Wallets = 300;

    private static readonly Instant Genesis = Instant.FromUtc(2026, 1, 1, 0, 0);
    private static readonly Address Operator = Number("operator", 0);

    private static readonly byte[] Numbers =
        AbiCodec.Encode([.. new[] { "uint16", "bytes32", "uint32", "uint64", "uint64", "bytes32", "bytes32" }.Select(AbiType.Parse)],
            [1, new byte[32], 100, 1_000_000, 0, new byte[32], new byte[32]]);

    private readonly ScratchFolder _folder = new();

    public static ContractAddresses Contracts { get; } = new(1, Number("council", 0), Number("members", 0), Number("meters", 0), Number("anchors", 0));

    public SqliteStore Store { get; private set; } = null!;

    public static async Task<ExplorerStore> MakeAsync(CancellationToken cancellation)
    {
        var made = new ExplorerStore();
        made.Store = await SqliteStore.OpenAsync(made._folder.Path, TimeProvider.System, null, cancellation);
        var owner = await made.Store.Journal.TakeOverAsync(JournalName.Engine, cancellation);
        for (var block = 0; block < Transactions / InABlock; block += BlocksInAWrite)
            await made.Store.Journal.AppendAsync(new(owner, [], [.. Enumerable.Range(block, BlocksInAWrite).Select(Block)]), cancellation);
        return made;
    }

    public static Hash256 Hash(string what, int number)
    {
        Span<byte> bytes = stackalloc byte[36];
        bytes.Clear();
        System.Text.Encoding.ASCII.GetBytes(what, bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[32..], number);
        return Keccak256.Hash(bytes);
    }

    public static Address Wallet(int number) => Number("wallet", number % Wallets);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    private static Address Number(string what, int number) => new(Hash(what, number).ToArray().AsSpan(12));

    private static StoreChange Block(int number)
    {
        var events = new List<IndexedEvent>();
        var transactions = Enumerable.Range(0, InABlock).Select(at => at == 0 ? Anchor(number, events) : Vote(number, at)).ToList();
        var block = new IndexedBlock(
            (ulong)number, Hash("block", number), Hash("block", number - 1), Genesis + Duration.FromMinutes(15L * number), InABlock, 150_000);
        return new StoreChange.BlockIndexed(block, events, new(transactions, []));
    }

    private static IndexedTransaction Anchor(int number, List<IndexedEvent> events)
    {
        var start = (ulong)(Genesis + Duration.FromMinutes(15L * (number - 1))).ToUnixTimeSeconds();
        var input = Anchors.EncodeAnchor([new(1, start, 1, Hash("root", number), 100, 1_000_000, 0, new byte[227])]);
        var hash = Hash("transaction", number * InABlock);
        Hash256[] topics = [Anchors.Events.Anchored.Topic, Hash256.Zero, Word(start)];
        events.Add(new((ulong)number, 0, hash, Contracts.Anchors, topics, Numbers));
        events.Add(new((ulong)number, 1, hash, Contracts.Anchors, [Anchors.Events.Unbalanced.Topic, Hash256.Zero, Word(start)], Numbers.AsMemory(0, 32)));
        return Made(number, 0, Operator, Contracts.Anchors, input, [Operator, Contracts.Anchors]);
    }

    private static IndexedTransaction Vote(int number, int at)
    {
        var wallet = Wallet(number);
        return Made(number, at, wallet, Contracts.Council, Council.EncodeVote((ulong)number, true), [wallet, Contracts.Council]);
    }

    private static IndexedTransaction Made(int block, int at, Address from, Address to, byte[] input, IReadOnlyList<Address> touched) => new()
    {
        Hash = Hash("transaction", (block * InABlock) + at),
        Place = new((ulong)block, at),
        From = from,
        To = to,
        Nonce = (ulong)block,
        GasUsed = 75_000,
        GasLimit = 100_000,
        Succeeded = true,
        Input = input,
        Touched = touched,
    };

    private static Hash256 Word(ulong value)
    {
        Span<byte> word = stackalloc byte[32];
        word.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(word[24..], value);
        return new(word);
    }
}
