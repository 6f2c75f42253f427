using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Journal;
using Busbar.Store.Anchoring;
using Busbar.Store.Bytes;
using Busbar.Store.Explorer;
using Busbar.Store.Readings;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Writing;

/// <summary>Carries out store changes with prepared statements. Each may be applied twice and counts once.</summary>
internal sealed class ChangeWriter
{
    private const int MaximumPayload = 4096;

    private readonly SqliteSession _session;
    private readonly Dictionaries _dictionaries;
    private readonly ExplorerWriter _explorer;
    private readonly HashSet<(MeterId, MicrogridId)> _transformers = [];
    private readonly ByteWriter _scratch = new();
    private readonly int _quarantineLimit;
    private readonly Statement _insertReading;

    public ChangeWriter(SqliteSession session, int quarantineLimit)
    {
        _session = session;
        _dictionaries = new(session);
        _explorer = new(session);
        _quarantineLimit = quarantineLimit;
        _insertReading = session.Prepare(
            "INSERT OR IGNORE INTO reading (instant, microgrid, meter_no, sequence, blob) VALUES (?1, ?2, ?3, ?4, ?5)");
    }

    public void Forget()
    {
        _dictionaries.Forget();
        _transformers.Clear();
    }

    public void Apply(StoreChange change)
    {
        switch (change)
        {
            case StoreChange.ReadingAccepted accepted:
                Insert(accepted);
                break;
            case StoreChange.Quarantined refused:
                Insert(refused);
                break;
            case StoreChange.IntervalClosed closed:
                Insert(closed.Closed);
                break;
            case StoreChange.OutboxSent sent:
                Mark(sent);
                break;
            case StoreChange.OutboxSettled settled:
                Mark(settled);
                break;
            case StoreChange.BlockIndexed indexed:
                Insert(indexed);
                break;
            case StoreChange.BlocksRemoved removed:
                Remove(removed.KeptNumber);
                break;
            case StoreChange.CashBooked booked:
                Insert(booked);
                break;
            default:
                throw new ArgumentException($"{change.GetType().Name} is not a change that this store knows", nameof(change));
        }
    }

    private void Insert(StoreChange.ReadingAccepted accepted)
    {
        var reading = accepted.Reading.Reading;
        _scratch.Clear();
        ReadingBlob.Write(_scratch, accepted.Reading, _dictionaries.Firmware(reading.Firmware));
        _insertReading.Bind(1, reading.Instant.ToUnixTimeSeconds())
            .Bind(2, accepted.Microgrid.Number)
            .Bind(3, _dictionaries.Meter(reading.Meter, accepted.Microgrid))
            .Bind(4, reading.Sequence)
            .Bind(5, _scratch.Written)
            .Run();
    }

    private void Insert(StoreChange.Quarantined refused)
    {
        var payload = refused.Payload.Length <= MaximumPayload ? refused.Payload : refused.Payload[..MaximumPayload];
        var insert = _session.Prepare(
            """
            INSERT INTO quarantine (microgrid, position, topic, reason, detail, payload, received_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """);
        _ = refused.Microgrid is { } microgrid ? insert.Bind(1, microgrid.Number) : insert.BindNull(1);
        insert.Bind(2, refused.Position).Bind(3, refused.Topic).Bind(4, refused.Reason).Bind(5, refused.Detail)
            .Bind(6, payload.Span).Bind(7, refused.ReceivedAt.ToUnixTimeMilliseconds()).Run();
        _session.Prepare("DELETE FROM quarantine WHERE id <= (SELECT MAX(id) FROM quarantine) - ?1").Bind(1, _quarantineLimit).Run();
        var removed = _session.Changes;
        if (removed > 0)
        {
            _session.Prepare(
                "INSERT INTO counter VALUES ('quarantine_removed', ?1) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value")
                .Bind(1, removed).Run();
        }
    }

    private void Insert(ClosedInterval closed)
    {
        _scratch.Clear();
        ClosedIntervalBlob.Write(_scratch, closed);
        var start = closed.Interval.Start.ToUnixTimeSeconds();
        _session.Prepare(
            """
            INSERT OR IGNORE INTO closed_interval (microgrid, start, version, minutes, root, import, export, count, detail)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """)
            .Bind(1, closed.Microgrid.Number).Bind(2, start).Bind(3, closed.Version).Bind(4, closed.Interval.Length.Minutes)
            .Bind(5, closed.Root.Hash).Bind(6, closed.Root.Sum.Import.MilliwattHours).Bind(7, closed.Root.Sum.Export.MilliwattHours)
            .Bind(8, closed.Count).Bind(9, _scratch.Written).Run();
        _session.Prepare("INSERT OR IGNORE INTO outbox (microgrid, start, version, state) VALUES (?1, ?2, ?3, 'waiting')")
            .Bind(1, closed.Microgrid.Number).Bind(2, start).Bind(3, closed.Version).Run();
        MarkTransformer(closed.TransformerOpening, closed.Microgrid);
        MarkTransformer(closed.TransformerClosing, closed.Microgrid);
    }

    /// <summary>A meter that closes an interval as its transformer is left out of the totals.</summary>
    private void MarkTransformer(SignedReading? signed, MicrogridId microgrid)
    {
        if (signed is null || !_transformers.Add((signed.Reading.Meter, microgrid)))
            return;
        _session.Prepare("UPDATE meter SET transformer = 1 WHERE no = ?1")
            .Bind(1, _dictionaries.Meter(signed.Reading.Meter, microgrid)).Run();
    }

    private void Mark(StoreChange.OutboxSent sent)
    {
        var update = _session.Prepare(
            """
            UPDATE outbox SET state = 'sent', tx = ?1, block = NULL, failure = NULL
            WHERE microgrid = ?2 AND start = ?3 AND version = ?4 AND state <> 'settled'
            """);
        foreach (var key in sent.Keys)
        {
            update.Bind(1, sent.Transaction).Bind(2, key.Microgrid.Number)
                .Bind(3, key.Interval.Start.ToUnixTimeSeconds()).Bind(4, key.Version).Run();
        }
    }

    private void Mark(StoreChange.OutboxSettled settled)
    {
        // In no block and without a reason: the transaction is gone, so its entries wait for another one.
        var state = settled.Failure is not null ? "failed" : settled.Block is not null ? "settled" : "waiting";
        var update = _session.Prepare("UPDATE outbox SET state = ?1, block = ?2, failure = ?3 WHERE tx = ?4")
            .Bind(1, state).Bind(3, settled.Failure).Bind(4, settled.Transaction);
        _ = settled.Block is { } block ? update.Bind(2, block) : update.BindNull(2);
        update.Run();
    }

    private void Insert(StoreChange.CashBooked booked) =>
        _session.Prepare("INSERT OR IGNORE INTO cash_slip (reference, slip, tx) VALUES (?1, ?2, ?3)")
            .Bind(1, booked.Slip.Reference).Bind(2, booked.Slip.ToText()).Bind(3, booked.Transaction).Run();

    private void Insert(StoreChange.BlockIndexed indexed)
    {
        var block = indexed.Block;
        _explorer.Remove(block.Number, block.Number);
        _session.Prepare("INSERT OR REPLACE INTO block VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
            .Bind(1, block.Number).Bind(2, block.Hash).Bind(3, block.Parent).Bind(4, block.Time.ToUnixTimeSeconds())
            .Bind(5, block.Transactions).Bind(6, block.GasUsed).Bind(7, indexed.Content is null ? 0 : 1).Run();
        _session.Prepare("DELETE FROM event WHERE block = ?1").Bind(1, block.Number).Run();
        var insert = _session.Prepare("INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        foreach (var logged in indexed.Events)
        {
            insert.Bind(1, logged.Block).Bind(2, logged.LogIndex).Bind(3, logged.Transaction).Bind(4, logged.Contract)
                .Bind(5, logged.Topics.Count > 0 ? logged.Topics[0] : Hash256.Zero).Bind(6, _scratch.Topics(logged, from: 1))
                .Bind(7, logged.Data.Span).Run();
        }

        if (indexed.Content is { } content)
            _explorer.Insert(content);
    }

    private void Remove(ulong kept)
    {
        _explorer.Remove(kept + 1, ExplorerWriter.HighestBlock);
        _session.Prepare("DELETE FROM event WHERE block > ?1").Bind(1, kept).Run();
        _session.Prepare("DELETE FROM block WHERE number > ?1").Bind(1, kept).Run();
        _session.Prepare("UPDATE outbox SET state = 'sent', block = NULL, failure = NULL WHERE block > ?1").Bind(1, kept).Run();
    }
}
