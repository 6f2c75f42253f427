using Busbar.Cryptography;
using Busbar.Ledger.Anchoring;
using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Store.Anchoring;

/// <summary>The index of blocks and events on SQLite.</summary>
internal sealed class SqliteEventIndex(ReaderPool readers) : IEventIndex
{
    private const string Block = "SELECT number, hash, parent, time, transactions, gas_used FROM block ";
    private const string Event = "SELECT block, log_index, tx, contract, topic0, topics, data FROM event ";
    private const string After = "(block, log_index) > (?1, ?2) ORDER BY block, log_index LIMIT ?3";

    public Task<IndexedBlock?> HeadAsync(CancellationToken cancellation) =>
        readers.ReadAsync(session => Blocks(session.Prepare(Block + "ORDER BY number DESC LIMIT 1")).FirstOrDefault(), cancellation);

    public Task<IndexedBlock?> BlockAsync(ulong number, CancellationToken cancellation) =>
        readers.ReadAsync(session => Blocks(session.Prepare(Block + "WHERE number = ?1").Bind(1, number)).FirstOrDefault(), cancellation);

    public Task<IReadOnlyList<IndexedBlock>> BlocksAsync(ulong? below, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ReadAsync<IReadOnlyList<IndexedBlock>>(
            session => Blocks(session.Prepare(Block + "WHERE number < ?1 ORDER BY number DESC LIMIT ?2")
                .Bind(1, below ?? long.MaxValue).Bind(2, limit)),
            cancellation);
    }

    public Task<IReadOnlyList<IndexedEvent>> EventsAsync(EventPlace after, Hash256? topic, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ReadAsync<IReadOnlyList<IndexedEvent>>(
            session =>
            {
                var rows = topic is { } first
                    ? session.Prepare(Event + "WHERE topic0 = ?4 AND " + After).Bind(4, first)
                    : session.Prepare(Event + "WHERE " + After);
                return Events(rows.Bind(1, after.Block).Bind(2, after.LogIndex).Bind(3, limit));
            },
            cancellation);
    }

    private static List<IndexedBlock> Blocks(Statement rows)
    {
        using (rows)
        {
            var blocks = new List<IndexedBlock>();
            while (rows.Step())
            {
                blocks.Add(new(
                    rows.UInt64(0), rows.Hash(1), rows.Hash(2), Instant.FromUnixTimeSeconds(rows.Int64(3)), rows.Int32(4), rows.UInt64(5)));
            }

            return blocks;
        }
    }

    private static List<IndexedEvent> Events(Statement rows)
    {
        using (rows)
        {
            var events = new List<IndexedEvent>();
            while (rows.Step())
            {
                var topics = new List<Hash256> { rows.Hash(4) };
                for (var rest = rows.Blob(5); !rest.IsEmpty; rest = rest[Hash256.Length..])
                    topics.Add(new(rest[..Hash256.Length]));
                events.Add(new(rows.UInt64(0), rows.Int32(1), rows.Hash(2), rows.Address(3), topics, rows.Blob(6).ToArray()));
            }

            return events;
        }
    }
}
