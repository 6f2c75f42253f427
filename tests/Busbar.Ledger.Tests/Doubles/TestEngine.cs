using System.Text;
using Busbar.Cryptography;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Engine;
using NodaTime;

namespace Busbar.Ledger.Tests.Doubles;

/// <summary>A folder and a store that outlive the engines started on them.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    public const ulong ChainId = 20_256;

    // Runtime code: sstore(calldata[0:32], calldata[32:64]).
    private static readonly byte[] DeploySlotWriter = Convert.FromHexString("67602035600035550060005260086018f3");

    private readonly List<EngineChain> _started = [];

    public static Instant Genesis { get; } = Instant.FromUtc(2024, 1, 1, 0, 0);

    public static PrivateKey Key { get; } = NewKey("someone");

    public MemoryStore Store { get; set; } = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("busbar-engine-").FullName;

    public static PrivateKey NewKey(string name) => PrivateKey.FromSeed(Encoding.UTF8.GetBytes(name));

    public static Instant At(int block) => Genesis + Duration.FromMinutes(15L * block);

    public EngineOptions Options => new() { Folder = Folder, ChainId = ChainId, GenesisTime = Genesis };

    public async Task<EngineChain> StartAsync(Func<EngineOptions, EngineOptions>? change = null)
    {
        var chain = await EngineChain.StartAsync(change?.Invoke(Options) ?? Options, Store, TimeProvider.System, CancellationToken.None);
        _started.Add(chain);
        return chain;
    }

    public static async Task<Address> DeployWriterAsync(EngineChain chain)
    {
        var order = new ChainOrder(Key, [new(null, DeploySlotWriter, 200_000)]) { Time = At(1) };
        return (await chain.ExecuteAsync(order, CancellationToken.None))[0].Receipt!.ContractAddress!.Value;
    }

    public static async Task<IReadOnlyList<TransactionOutcome>> WriteAsync(
        EngineChain chain, Address writer, int slot, int block, PrivateKey? key = null)
    {
        var data = new byte[64];
        data[30] = (byte)(slot >> 8);
        data[31] = (byte)slot;
        data[63] = 1;
        var order = new ChainOrder(key ?? Key, [new(writer, data, 100_000)]) { Time = At(block) };
        return await chain.ExecuteAsync(order, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var chain in _started)
            await chain.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
