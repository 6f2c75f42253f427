using Busbar.Domain.Metering;
using Busbar.Ledger.Readings;
using NodaTime;

namespace Busbar.Node.Live;

/// <summary>Finds where a meter stood when the community's day began, for the board of a node that was started within it.</summary>
internal static class BoardRestoration
{
    private static readonly Duration LookBack = Duration.FromDays(2);
    private static readonly Duration Second = Duration.FromSeconds(1);

    /// <summary>Shows a meter's newest reading with the energy of the day.</summary>
    public static async Task RestoreAsync(LiveBoard board, IReadingStore store, Reading last, CancellationToken cancellation)
    {
        var start = board.DayStart;
        board.Restore(last, last.Instant < start ? null : await RegistersAsync(store, last, start, cancellation));
    }

    // The last reading up to the day's start; without one the day begins with its first reading.
    private static async Task<Registers> RegistersAsync(IReadingStore store, Reading last, Instant start, CancellationToken cancellation)
    {
        if (await store.SeriesAsync(last.Meter, start, start + Second, cancellation) is [var exact])
            return exact.Registers;
        if (await store.SeriesAsync(last.Meter, start - LookBack, start, cancellation) is [.., var before])
            return before.Registers;
        return await store.SeriesAsync(last.Meter, start, last.Instant + Second, cancellation) is [var first, ..] ? first.Registers : last.Registers;
    }
}
