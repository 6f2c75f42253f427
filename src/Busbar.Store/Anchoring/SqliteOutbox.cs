using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Store.Sqlite;
using NodaTime;
using Interval = Busbar.Domain.Metering.Interval;

namespace Busbar.Store.Anchoring;

/// <summary>The outbox on SQLite.</summary>
internal sealed class SqliteOutbox(ReaderPool readers) : IOutbox
{
    private const string Waiting =
        $"""
        SELECT {ClosedIntervalRows.Columns} FROM outbox o JOIN closed_interval c USING (microgrid, start, version)
        WHERE o.state = 'waiting' ORDER BY o.microgrid, o.start, o.version LIMIT ?1
        """;

    private const string Unsettled =
        """
        SELECT o.tx, o.microgrid, o.start, c.minutes, o.version
        FROM outbox o JOIN closed_interval c USING (microgrid, start, version)
        WHERE o.state = 'sent' ORDER BY o.microgrid, o.start, o.version
        """;

    public Task<IReadOnlyList<ClosedInterval>> WaitingAsync(int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ReadAsync<IReadOnlyList<ClosedInterval>>(
            session => ClosedIntervalRows.All(session.Prepare(Waiting).Bind(1, limit)), cancellation);
    }

    /// <summary>In the order of each transaction's first key.</summary>
    public Task<IReadOnlyList<SentTransaction>> UnsettledAsync(CancellationToken cancellation) =>
        readers.ReadAsync<IReadOnlyList<SentTransaction>>(
            session =>
            {
                using var rows = session.Prepare(Unsettled);
                var order = new List<SentTransaction>();
                var keys = new Dictionary<Cryptography.Hash256, List<OutboxKey>>();
                while (rows.Step())
                {
                    var hash = rows.Hash(0);
                    if (!keys.TryGetValue(hash, out var list))
                    {
                        keys.Add(hash, list = []);
                        order.Add(new(hash, list));
                    }

                    var interval = new Interval(Instant.FromUnixTimeSeconds(rows.Int64(2)), IntervalLength.FromMinutes(rows.Int32(3)));
                    list.Add(new(new((uint)rows.Int64(1)), interval, rows.Int32(4)));
                }

                return order;
            },
            cancellation);

    public Task<IReadOnlyDictionary<OutboxKey, OutboxStatus>> StatusAsync(IReadOnlyCollection<OutboxKey> keys, CancellationToken cancellation) =>
        readers.ReadAsync<IReadOnlyDictionary<OutboxKey, OutboxStatus>>(
            session =>
            {
                var found = new Dictionary<OutboxKey, OutboxStatus>(keys.Count);
                foreach (var key in keys)
                {
                    using var row = session.Prepare("SELECT state, failure FROM outbox WHERE microgrid = ?1 AND start = ?2 AND version = ?3")
                        .Bind(1, key.Microgrid.Number).Bind(2, key.Interval.Start.ToUnixTimeSeconds()).Bind(3, key.Version);
                    if (row.Step())
                        found[key] = new(Enum.Parse<OutboxState>(row.Text(0), ignoreCase: true), row.IsNull(1) ? null : row.Text(1));
                }

                return found;
            },
            cancellation);
}
