using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Readings;
using Busbar.Node.Intake;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Microgrids;

/// <summary>
/// Gives a microgrid back what a repair cut off its journal: the readings and the closed intervals that followed from it are still in the
/// store, and the intervals may be on the ledger. Closed anew they could come out otherwise, since readings are lost and estimates made
/// at another time; so they are taken as they are. Runs before the doors open, while the actor has nothing else to do.
/// </summary>
internal sealed partial class TailRestoration(IReadingStore store, JournalPump pump, IClock clock, ILogger<TailRestoration> logger)
{
    private const int MostItems = 4_096;
    private const int VersionsAtOnce = 256;
    private static readonly Duration Window = Duration.FromDays(1);

    private readonly SortedDictionary<MeterId, Queue<SignedReading>> _held = [];
    private readonly List<RestoredItem> _items = [];
    private Instant _cursor;
    private int _readings;
    private int _closings;

    public async Task RunAsync(MicrogridActor actor, CancellationToken cancellation)
    {
        var metering = actor.AtRest;
        _cursor = metering.Meters
            .Select(meter => metering.LastReading(meter.Meter)?.Instant ?? meter.RegisteredAt - metering.Rules.LateLimit)
            .DefaultIfEmpty(clock.GetCurrentInstant()).Min();
        var (start, version) = (metering.SettledBefore, 0);
        while (await store.VersionsAfterAsync(actor.Microgrid, start, version, VersionsAtOnce, cancellation) is { Count: > 0 } versions)
        {
            foreach (var closed in versions.Where(closed => closed.Version > metering.ClosedVersion(closed.Interval.Start)))
                await TakeAsync(actor, closed, cancellation);
            (start, version) = (versions[^1].Interval.Start, versions[^1].Version);
        }

        for (var end = clock.GetCurrentInstant() + metering.Rules.ClockTolerance; _cursor <= end;)
        {
            await HoldAsync(actor.Microgrid, _cursor + Window, cancellation);
            Release(_ => true, Instant.MaxValue);
            await WriteAsync(actor, MostItems, cancellation);
        }

        await WriteAsync(actor, 0, cancellation);
        LogRestored(actor.Microgrid.Number, _readings, _closings);
    }

    // A reading that this version did not count came after it, and is what the next one is for.
    private async Task TakeAsync(MicrogridActor actor, ClosedInterval closed, CancellationToken cancellation)
    {
        var end = closed.Interval.End;
        while (_cursor <= end)
            await HoldAsync(actor.Microgrid, Instant.Min(_cursor + Window, end + Duration.FromSeconds(1)), cancellation);
        var estimates = closed.Estimates.Where(leaf => leaf.Flags.HasFlag(LeafFlags.Estimated)).ToDictionary(leaf => leaf.Meter, leaf => leaf.Closing);
        var transformers = closed.TransformerClosing is not null
            ? []
            : actor.AtRest.Meters.Where(meter => meter.Kind == MeterKind.Transformer).Select(meter => meter.Meter).ToHashSet();
        Release(meter => !estimates.ContainsKey(meter) && !transformers.Contains(meter), end);
        _items.Add(new(null, new(closed.Interval, closed.Version, [.. estimates])));
        _closings++;
        await WriteAsync(actor, MostItems, cancellation);
    }

    private async Task HoldAsync(MicrogridId microgrid, Instant to, CancellationToken cancellation)
    {
        foreach (var signed in await store.AllReadingsAsync(microgrid, _cursor, to, cancellation))
        {
            if (!_held.TryGetValue(signed.Reading.Meter, out var readings))
                _held.Add(signed.Reading.Meter, readings = []);
            readings.Enqueue(signed);
        }

        _cursor = to;
    }

    private void Release(Func<MeterId, bool> counted, Instant until)
    {
        foreach (var (_, readings) in _held.Where(pair => counted(pair.Key)))
        {
            for (; readings.TryPeek(out var next) && next.Reading.Instant <= until; _readings++)
                _items.Add(new(readings.Dequeue(), null));
        }
    }

    private async Task WriteAsync(MicrogridActor actor, int most, CancellationToken cancellation)
    {
        if (_items.Count <= most)
            return;
        foreach (var some in _items.Chunk(MostItems))
        {
            var position = await pump.WriteAsync(actor, RestoredRecord.Write(some, clock.GetCurrentInstant()), cancellation);
            await actor.WhenAppliedAsync(position, cancellation);
        }

        _items.Clear();
    }

    [LoggerMessage(1111, LogLevel.Warning,
        "The end of microgrid {Microgrid}'s journal was cut off: {Readings} readings and {Closings} closed intervals were taken from the store again")]
    private partial void LogRestored(uint microgrid, int readings, int closings);
}
