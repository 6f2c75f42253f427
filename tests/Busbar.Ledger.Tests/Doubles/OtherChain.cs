using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Engine;

namespace Busbar.Ledger.Tests.Doubles;

/// <summary>An Anvil that plays a chain of someone else: it makes blocks when the test says so.</summary>
internal sealed class OtherChain : IAsyncDisposable
{
    public const ulong ChainId = 777;

    private static readonly HttpClient Http = new();

    private readonly AnvilNode _node;
    private long _time = TestEngine.Genesis.ToUnixTimeSeconds();

    private OtherChain(AnvilNode node) => _node = node;

    public EthereumClient Client => _node.Client;

    public MemoryStore Store { get; } = new();

    public static RemoteOptions Options => new()
    {
        ChainId = ChainId,
        Poll = TimeSpan.FromMilliseconds(10),
        Patience = TimeSpan.FromMinutes(5),
        LongestOutage = TimeSpan.FromSeconds(1),
    };

    public static async Task<OtherChain> StartAsync()
    {
        var genesis = new GenesisRecord("", ChainId, TestEngine.Genesis.ToUnixTimeSeconds(), "", "prague", 30_000_000);
        var node = await AnvilNode.StartAsync(Http, AnvilBinary.Find(), null, genesis, null, AnvilNode.KeptBlocks, CancellationToken.None);
        var chain = new OtherChain(node);
        await chain.AskAsync("anvil_setBalance", TestEngine.Key.Address.ToLowerHex(), "0x56bc75e2d63100000");
        return chain;
    }

    public Task<RemoteChain> ConnectAsync(RemoteOptions? options = null) =>
        RemoteChain.ConnectAsync(Client, options ?? Options, Store, TimeProvider.System, CancellationToken.None);

    public async Task MineAsync(int blocks = 1)
    {
        for (var i = 0; i < blocks; i++)
            await _node.MineAsync(_time += 12, CancellationToken.None);
    }

    /// <summary>Waits until so many transactions wait for a block.</summary>
    public async Task WaitForPoolAsync(Func<TransactionInfoList, bool> ready)
    {
        while (!ready(new((await AskAsync("txpool_content")).GetProperty("pending"))))
            await Task.Yield();
    }

    public Task<JsonElement> AskAsync(string method, params JsonNode?[] parameters) =>
        Client.Transport.CallAsync(JsonRpcRequest.Of(method, parameters), CancellationToken.None);

    public static ChainOrder Order() => new(TestEngine.Key, [new(TestEngine.NewKey("receiver").Address, default, 21_000)]);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    public sealed record TransactionInfoList(JsonElement Pending)
    {
        public IReadOnlyList<Hash256> Hashes =>
        [
            .. Pending.EnumerateObject().SelectMany(account => account.Value.EnumerateObject())
                .Select(transaction => Hash256.Parse(transaction.Value.GetProperty("hash").GetString())),
        ];
    }
}
