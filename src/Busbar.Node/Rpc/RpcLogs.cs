using System.Text.Json;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Engine;

namespace Busbar.Node.Rpc;

/// <summary>
/// Events of a bounded range. The engine keeps those of the newest blocks; older ones come from the node's index, which has
/// the community's own contracts only, so what asks for others there is refused instead of being told of none.
/// </summary>
internal sealed class RpcLogs(RpcLedger ledger, RpcIndexedLogs indexed, ContractAddresses contracts)
{
    private const ulong WidestRange = 5_000;
    private const int MostLogs = 2_000;

    // Fewer than the engine keeps, because blocks are made while a question is answered.
    private const ulong SurelyKept = EngineChain.KeptBlocks - 50;

    public async Task<JsonElement> FindAsync(RpcParameters parameters, CancellationToken cancellation)
    {
        var filter = RpcLogFilter.Read(parameters.AtMost(1)[0]);
        var head = await ledger.Chain.Client.GetBlockNumberAsync(cancellation);
        var (from, to) = await RangeAsync(filter, head, cancellation);
        if (from > to)
            return JsonSerializer.SerializeToElement(Array.Empty<object>());
        var isKept = !ledger.IsEngine || head - from < SurelyKept;
        if (!isKept && (filter.Addresses.Count == 0 || !filter.Addresses.All(contracts.All.Contains)))
        {
            throw new RpcRefusedException(
                RpcCodes.NotKept,
                "LogsNotKept",
                $"events before block {Quantity.Format(head - SurelyKept + 1)} are kept of the community's own contracts only; "
                + "name them in address, or ask for newer blocks");
        }

        var logs = isKept
            ? await AskAsync(filter, from, to, cancellation)
            : await indexed.FindAsync(filter, from, to, MostLogs, cancellation);
        return logs.GetArrayLength() <= MostLogs
            ? logs
            : throw RpcRefusedException.Limit("TooManyLogs", $"more than {MostLogs} events; ask for a narrower range");
    }

    private async Task<(ulong From, ulong To)> RangeAsync(RpcLogFilter filter, ulong head, CancellationToken cancellation)
    {
        if (filter.Block is { } hash)
        {
            var block = await ledger.Chain.Client.GetBlockAsync(hash, cancellationToken: cancellation);
            return block?.Number is { } number
                ? (number, number)
                : throw RpcRefusedException.Parameter("UnknownBlock", $"there is no block {hash}");
        }

        var (first, last) = (NumberOf(filter.From!.Value, head), NumberOf(filter.To!.Value, head));
        if (first > last)
            throw RpcRefusedException.Parameter("WrongRange", "fromBlock is after toBlock");
        var end = Math.Min(last, head);
        return end < first || end - first < WidestRange
            ? (first, end)
            : throw RpcRefusedException.Limit("RangeTooWide", $"a range has at most {WidestRange} blocks");
    }

    private static ulong NumberOf(RpcBlock block, ulong head) => block.Tag switch
    {
        null => block.Number,
        "earliest" => 0,
        _ => head,
    };

    private Task<JsonElement> AskAsync(RpcLogFilter filter, ulong from, ulong to, CancellationToken cancellation) =>
        ledger.AskAsync("eth_getLogs", cancellation, JsonSerializer.SerializeToNode(new
        {
            fromBlock = Quantity.Format(from),
            toBlock = Quantity.Format(to),
            address = filter.Addresses.Select(address => address.ToLowerHex()),
            topics = filter.Topics.Select(place => place.Count == 0 ? null : place.Select(topic => topic.ToString())),
        }));
}
