using System.Threading.Channels;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Indexing;
using NodaTime;

namespace Busbar.Node.Rpc;

/// <summary>
/// Makes blocks of what people's wallets have sent: at once for the first, and then at most one a second, since blocks are
/// whole seconds apart.
/// </summary>
internal sealed class WalletBlocks(EngineChain engine, Indexer indexer, IClock clock, TimeProvider time)
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _wanted =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Whether blocks keep a second apart; on a stepped clock they need not.</summary>
    public bool IsPaced { get; init; } = true;

    /// <summary>Something was submitted.</summary>
    public void Want() => _wanted.Writer.TryWrite(true);

    /// <summary>Makes blocks until cancelled, beginning with what an earlier run has journaled and left.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        Want();
        await foreach (var _ in _wanted.Reader.ReadAllAsync(stopping))
        {
            if (await engine.MineWaitingAsync(clock.GetCurrentInstant(), stopping) is null)
                continue;
            await indexer.CatchUpAsync(stopping);
            if (IsPaced)
                await Task.Delay(Apart, time, stopping);
        }
    }
}
