using Busbar.Bench.Running;
using Busbar.Ledger.Journal;
using Busbar.Node.Intake;
using Busbar.Node.Live;
using Busbar.Store.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Bench.Ingest;

/// <summary>
/// The node's own way from the socket to the disk: intake, pump, journal on SQLite; one microgrid, whose actor is left out.
/// </summary>
internal sealed class JournalTarget : IAsyncDisposable
{
    private readonly ScratchFolder _folder;
    private readonly SqliteStore _store;
    private readonly JournalPump _pump;
    private readonly Reader _reader;
    private readonly MqttHost _host;

    private JournalTarget(ScratchFolder folder, SqliteStore store, JournalPump pump, Reader reader, MqttHost host)
    {
        _folder = folder;
        _store = store;
        _pump = pump;
        _reader = reader;
        _host = host;
    }

    public int Port => _host.Port;

    /// <summary>Records handed on after they were on disk, and in how many groups.</summary>
    public (long Records, long Groups) Taken => _reader.Taken;

    public static async Task<JournalTarget> StartAsync(CancellationToken cancellation)
    {
        var folder = new ScratchFolder();
        var store = await SqliteStore.OpenAsync(folder.Path, TimeProvider.System, null, cancellation);
        var reader = new Reader(await store.Journal.TakeOverAsync(JournalName.Microgrid(1), cancellation));
        var pump = new JournalPump(store.Journal, TimeProvider.System, NullLogger<JournalPump>.Instance);
        var clock = new WallClock();
        var intake = new ReadingIntake(pump, new LiveBoard(clock, DateTimeZone.Utc), new Presence(clock), clock) { Unassigned = reader };
        return new(folder, store, pump, reader, await MqttHost.StartAsync(intake, cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _pump.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class Reader(JournalOwnership owner) : IJournalReader
    {
        private long _records;
        private long _groups;

        public JournalOwnership Owner => owner;

        public (long Records, long Groups) Taken => (Interlocked.Read(ref _records), Interlocked.Read(ref _groups));

        public ValueTask TakeAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
        {
            Interlocked.Add(ref _records, entries.Count);
            Interlocked.Increment(ref _groups);
            return ValueTask.CompletedTask;
        }
    }
}
