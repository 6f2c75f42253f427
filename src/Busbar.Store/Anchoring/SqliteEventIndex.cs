using Busbar.Cryptography;
using Busbar.Ledger.Anchoring;
using Busbar.Store.Explorer;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Anchoring;

/// <summary>The index of blocks and events on SQLite.</summary>
internal sealed class SqliteEventIndex(ReaderPool readers) : IEventIndex
{
    private const string Event = "SELECT block, log_index, tx, contract, topic0, topics, data FROM event ";
    private const string After = "(block, log_index) > (?1, ?2) ORDER BY block, log_index LIMIT ?3";

    public Task<IndexedBlock?> HeadAsync(CancellationToken cancellation) =>
        readers.ReadAsync(session => BlockRows.All(session.Prepare(BlockRows.Select + "ORDER BY number DESC LIMIT 1")).FirstOrDefault(), cancellation);

    public Task<IndexedBlock?> BlockAsync(ulong number, CancellationToken cancellation) =>
        readers.ReadAsync(session => BlockRows.All(session.Prepare(BlockRows.Select + "WHERE number = ?1").Bind(1, number)).FirstOrDefault(), cancellation);

    public Task<IReadOnlyList<IndexedBlock>> BlocksAsync(ulong? below, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ReadAsync<IReadOnlyList<IndexedBlock>>(
            session => BlockRows.All(session.Prepare(BlockRows.Select + "WHERE number < ?1 ORDER BY number DESC LIMIT ?2")
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

    public Task<IReadOnlyList<IndexedBlock>> BareBlocksAsync(ulong? below, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ReadAsync<IReadOnlyList<IndexedBlock>>(
            session => BlockRows.All(session.Prepare(BlockRows.Select + "WHERE content = 0 AND number < ?1 ORDER BY number DESC LIMIT ?2")
                .Bind(1, below ?? long.MaxValue).Bind(2, limit)),
            cancellation);
    }

    /// <summary>Reads events from rows (block, place, transaction, contract, first topic or NULL, further topics, data).</summary>
    internal static void AddEvents(Statement rows, List<IndexedEvent> events)
    {
        using (rows)
        {
            while (rows.Step())
            {
                var topics = new List<Hash256>(4);
                if (!rows.IsNull(4))
                    topics.Add(rows.Hash(4));
                TopicBytes.Add(rows.Blob(5), topics);
                events.Add(new(rows.UInt64(0), rows.Int32(1), rows.Hash(2), rows.Address(3), topics, rows.Blob(6).ToArray()));
            }
        }
    }

    private static List<IndexedEvent> Events(Statement rows)
    {
        var events = new List<IndexedEvent>();
        AddEvents(rows, events);
        return events;
    }
}
