using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Engine;
using NodaTime;

namespace Busbar.Node.Rpc;

/// <summary>
/// The chain as questions from outside see it. The engine keeps the newest state only and every block of it is final, so what
/// asks for a safe or final block gets the newest, and so does what asks for the state at one of the last
/// <see cref="RecentBlocks"/> blocks: wallets name the newest block that they have heard of instead of saying "latest".
/// </summary>
internal sealed class RpcLedger(IChain chain, IClock clock)
{
    public const ulong RecentBlocks = 64;

    public IChain Chain => chain;

    /// <summary>Whether the chain is the node's own engine.</summary>
    public bool IsEngine => chain is EngineChain;

    public Task<JsonElement> AskAsync(string method, CancellationToken cancellation, params JsonNode?[] parameters) =>
        chain.Client.Transport.CallAsync(JsonRpcRequest.Of(method, parameters), cancellation);

    /// <summary>A block to read, for the wire.</summary>
    public string BlockTag(RpcBlock block) => IsEngine && block.Tag is "safe" or "finalized" ? "latest" : block.ToString();

    /// <summary>A question about an account's state: address, then block.</summary>
    public async Task<JsonElement> AskStateAsync(string method, RpcParameters parameters, CancellationToken cancellation)
    {
        var account = parameters.Address(0).ToLowerHex();
        var block = parameters.Block(1);
        return await AskAsync(method, cancellation, account, await StateTagAsync(block, cancellation));
    }

    public async Task<JsonElement> StorageAsync(RpcParameters parameters, CancellationToken cancellation)
    {
        var account = parameters.AtMost(3).Address(0).ToLowerHex();
        var slot = parameters.Slot(1);
        var block = parameters.Block(2);
        return await AskAsync("eth_getStorageAt", cancellation, account, slot, await StateTagAsync(block, cancellation));
    }

    /// <summary>The block whose state is asked, for the wire.</summary>
    /// <exception cref="RpcRefusedException">That state is not kept, or there is no such block.</exception>
    public async Task<string> StateTagAsync(RpcBlock block, CancellationToken cancellation)
    {
        if (!IsEngine || block.IsPending)
            return block.ToString();
        if (block.Tag is not null and not "earliest")
            return "latest";
        var head = await chain.Client.GetBlockNumberAsync(cancellation);
        if (block.Number > head)
            throw RpcRefusedException.Parameter("UnknownBlock", $"there is no block {block} yet; the newest is {Quantity.Format(head)}");
        return head - block.Number <= RecentBlocks
            ? "latest"
            : throw new RpcRefusedException(RpcCodes.NotKept, "StateNotKept", $"the state after block {block} is not kept; ask for latest");
    }

    /// <summary>
    /// The time of a block made now: the engine would try a call at the last block's time, and what is allowed only from some
    /// time on would look forbidden for as long as nobody else makes a block.
    /// </summary>
    public async Task<string> NextBlockTimeAsync(CancellationToken cancellation)
    {
        var last = await chain.Client.GetBlockAsync(Ethereum.JsonRpc.BlockTag.Latest, cancellationToken: cancellation);
        var now = (ulong)Math.Max(0, clock.GetCurrentInstant().ToUnixTimeSeconds());
        return Quantity.Format(Math.Max(now, (last?.Timestamp ?? 0) + 1));
    }
}
