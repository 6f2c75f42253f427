using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;

namespace Busbar.Node.Rpc;

/// <summary>Events of the community's contracts out of the node's index, in the form of JSON-RPC.</summary>
internal sealed class RpcIndexedLogs(IEventIndex index)
{
    private const int Page = 1_000;
    private const int MostRead = 50_000;

    /// <summary>The events of a range of blocks that a filter takes, one more than the most where there are more.</summary>
    public async Task<JsonElement> FindAsync(RpcLogFilter filter, ulong from, ulong to, int most, CancellationToken cancellation)
    {
        var topic = filter.Topics is [{ Count: 1 } only, ..] ? only[0] : (Hash256?)null;
        var place = from == 0 ? EventPlace.Start : new EventPlace(from - 1, int.MaxValue);
        var found = new List<IndexedEvent>();
        for (var read = 0; found.Count <= most; read += Page)
        {
            if (read >= MostRead)
                throw RpcRefusedException.Limit("RangeTooWide", "too many events have to be looked at; ask for a narrower range");
            var events = await index.EventsAsync(place, topic, Page, cancellation);
            found.AddRange(events.Where(one => one.Block <= to && filter.Addresses.Contains(one.Contract) && filter.Takes(one.Topics)));
            if (events.Count < Page || events[^1].Block > to)
                break;
            place = new(events[^1].Block, events[^1].LogIndex);
        }

        return JsonSerializer.SerializeToElement(await WriteAsync([.. found.Take(most + 1)], cancellation));
    }

    private async Task<List<object>> WriteAsync(IReadOnlyList<IndexedEvent> events, CancellationToken cancellation)
    {
        var logs = new List<object>(events.Count);
        foreach (var group in events.GroupBy(one => one.Block))
        {
            if (await index.BlockAsync(group.Key, cancellation) is not { } block)
                continue; // The chain has just taken it back.
            logs.AddRange(group.Select(one => (object)new
            {
                address = one.Contract.ToLowerHex(),
                topics = one.Topics.Select(topic => topic.ToString()),
                data = HexText.Encode(one.Data.Span),
                blockNumber = Quantity.Format(block.Number),
                blockHash = block.Hash.ToString(),
                transactionHash = one.Transaction.ToString(),

                // The index does not keep it; where the block has one transaction it is known all the same.
                transactionIndex = block.Transactions == 1 ? "0x0" : null,
                logIndex = Quantity.Format((ulong)one.LogIndex),
                removed = false,
            }));
        }

        return logs;
    }
}
