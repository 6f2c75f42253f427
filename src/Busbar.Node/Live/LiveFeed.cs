using System.Collections.Frozen;
using System.Text.Json;
using Busbar.Ledger.Anchoring;
using Busbar.Node.Api;

namespace Busbar.Node.Live;

/// <summary>
/// Makes a frame a second while something changes, once for everybody who watches: a thousand watchers cost a thousand sockets and
/// not a thousand queries. Thread safe.
/// </summary>
internal sealed class LiveFeed(NodeParts parts, NodeOptions options, TimeProvider time)
{
    /// <summary>How many blocks a watcher may have missed and still resume.</summary>
    public const int BlocksKept = 200;

    private const int NewestWaiting = 5;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    // Said again though nothing changed, so that a page can tell quiet from cut off.
    private const int RepeatAfter = 15;

    private readonly Lock _lock = new();
    private TaskCompletionSource<LiveFrame> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LiveFrame? _current;
    private (long Board, long Ledger, long Presence) _made = (-1, -1, -1);
    private int _quiet;

    /// <summary>Who watches.</summary>
    public StreamLimits Limits { get; } = new();

    /// <summary>The frame after one that a watcher has, or the newest; waits while there is none.</summary>
    public Task<LiveFrame> AfterAsync(long number, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return _current is { } current && current.Number > number ? Task.FromResult(current) : _next.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>Makes frames until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            var seen = (Board: parts.Board!.Version, Ledger: parts.Feed!.Version, Presence: parts.Presence!.Version);
            var waiting = await WaitingAsync(stopping);
            var isLedgerNew = seen.Ledger != _made.Ledger || !IsSame(waiting, _current!.Waiting);
            if (!isLedgerNew && seen == _made && ++_quiet < RepeatAfter)
                continue;
            Publish(await MakeAsync(waiting, isLedgerNew, stopping));
            (_made, _quiet) = (seen, 0);
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private void Publish(LiveFrame frame)
    {
        TaskCompletionSource<LiveFrame> waited;
        lock (_lock)
        {
            waited = _next;
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _current = frame;
        }

        waited.SetResult(frame);
    }

    private async Task<LiveFrame> MakeAsync(IReadOnlyList<byte[]> waiting, bool isLedgerNew, CancellationToken cancellation)
    {
        var houses = HousesApi.All(parts);
        var rows = houses.Select(pair => pair.Now).ToArray();
        var before = _current;
        var number = (before?.Number ?? 0) + 1;
        return new()
        {
            Number = number,
            Devices = await DevicesAsync(before?.Devices ?? [], number, cancellation),
            Now = Json(NowApi.Now(parts, options)),
            Houses = rows,
            AllHouses = Json(rows),
            Premises = houses.ToFrozenDictionary(pair => pair.Now.Meter, pair => pair.House.Premises, StringComparer.Ordinal),
            Blocks = before is null || isLedgerNew ? await BlocksAsync(before?.Blocks ?? [], cancellation) : before.Blocks,
            Waiting = waiting,
            Ledger = (before?.Ledger ?? 0) + (isLedgerNew ? 1 : 0),
        };
    }

    private async Task<IReadOnlyList<LiveDevice>> DevicesAsync(IReadOnlyList<LiveDevice> before, long number, CancellationToken cancellation)
    {
        var known = before.ToDictionary(device => device.Meter);
        var refused = await parts.RefusalCounts!.GetAsync(cancellation);
        return
        [
            .. parts.Houses!.All().Select(house =>
            {
                var json = Json(DevicesApi.Device(parts, parts.Presence!, house, refused.GetValueOrDefault(house.Meter)));
                return known.TryGetValue(house.Meter, out var same) && same.Premises == house.Premises && same.Device.AsSpan().SequenceEqual(json)
                    ? same
                    : new(house.Meter, house.Premises, number, json);
            }),
        ];
    }

    private async Task<IReadOnlyList<LiveBlock>> BlocksAsync(IReadOnlyList<LiveBlock> known, CancellationToken cancellation)
    {
        var newest = await parts.Store!.Events.BlocksAsync(below: null, BlocksKept, cancellation);
        // A block of the same number may be another one after a reorganisation, so only what is older than both stays.
        var kept = known.Where(block => newest.Any(other => other.Number == block.Number && Same(block, other))).ToList();
        var from = kept.Count > 0 ? kept[^1].Number + 1 : 0;
        var fresh = newest.Where(block => block.Number >= from).Reverse().ToArray();
        if (fresh.Length == 0)
            return kept;
        var anchored = parts.Ledger!.AnchoredFrom(fresh[0].Number).ToLookup(anchor => anchor.Block);
        foreach (var block in fresh)
        {
            var closed = new List<ClosedInterval>();
            foreach (var anchor in anchored[block.Number])
            {
                if (await parts.Store.Readings.ClosedAsync(anchor.Microgrid, anchor.Start, anchor.Version, cancellation) is { } interval)
                    closed.Add(interval);
            }

            var anchors = await LedgerApi.RowsAsync(parts, closed, cancellation);
            kept.Add(new(block.Number, Json(LedgerApi.Block(block)), [.. anchors.Select(Json)]));
        }

        return kept.Count <= BlocksKept ? kept : kept[^BlocksKept..];
    }

    private async Task<IReadOnlyList<byte[]>> WaitingAsync(CancellationToken cancellation)
    {
        var waiting = new List<byte[]>();
        foreach (var microgrid in options.Community.Microgrids)
        {
            var closed = await parts.Store!.Readings.ClosedBeforeAsync(microgrid.Id, before: null, NewestWaiting, cancellation);
            var rows = await LedgerApi.RowsAsync(parts, closed, cancellation);
            waiting.AddRange(rows.Reverse().Where(row => row.Status != "anchored").Select(Json));
        }

        return waiting;
    }

    private static bool IsSame(IReadOnlyList<byte[]> one, IReadOnlyList<byte[]> other) =>
        one.Count == other.Count && one.Zip(other).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    private static bool Same(LiveBlock told, IndexedBlock block) => told.Block.AsSpan().SequenceEqual(Json(LedgerApi.Block(block)));

    private static byte[] Json<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web);
}
