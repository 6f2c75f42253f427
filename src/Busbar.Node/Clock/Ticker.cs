using Busbar.Node.Intake;
using Busbar.Node.Microgrids;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Clock;

/// <summary>
/// Tells the actors that time goes on: each second while something is due, else once a minute, since ticks are journaled. A clock
/// that lies behind the journal is not believed (a small computer after a power cut): nothing is closed until it has caught up.
/// </summary>
internal sealed partial class Ticker(
    IReadOnlyList<MicrogridActor> actors, JournalPump pump, IClock clock, TimeProvider time, ILogger<Ticker> logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly Duration Idle = Duration.FromMinutes(1);

    private Instant _lastTick = Instant.MinValue;
    private bool _behind;

    /// <summary>The newest instant that the journal knows: the clock may not go behind it.</summary>
    public Instant NotBefore { get; set; } = Instant.MinValue;

    /// <summary>Ticks until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            var now = clock.GetCurrentInstant();
            if (IsBehind(now))
                continue;
            var idle = now - _lastTick >= Idle;
            if (idle)
                _lastTick = now;
            foreach (var actor in actors.Where(actor => idle || actor.Need.At(now)))
                await pump.WriteAsync(actor, MicrogridBatch.Tick(now), stopping);
            NotBefore = now;
        }
    }

    /// <summary>Ticks once at an instant and waits until every actor has decided what follows.</summary>
    public async Task TickAllAsync(Instant now, CancellationToken cancellation)
    {
        foreach (var actor in actors)
        {
            var position = await pump.WriteAsync(actor, MicrogridBatch.Tick(now), cancellation);
            await actor.WhenAppliedAsync(position, cancellation);
        }
    }

    private bool IsBehind(Instant now)
    {
        var behind = now < NotBefore;
        if (behind && !_behind)
            LogBehind(now, NotBefore);
        return _behind = behind;
    }

    [LoggerMessage(1201, LogLevel.Warning,
        "The clock shows {Now}, the journal has come to {NotBefore}: nothing is closed until the clock is set")]
    private partial void LogBehind(Instant now, Instant notBefore);
}
