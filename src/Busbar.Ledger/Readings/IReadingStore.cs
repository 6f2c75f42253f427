using Busbar.Domain.History;
using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using NodaTime;

namespace Busbar.Ledger.Readings;

/// <summary>Readings and closed intervals, as the store keeps them.</summary>
public interface IReadingStore
{
    /// <summary>The reading of a meter at an instant, or null.</summary>
    Task<SignedReading?> ReadingAsync(MeterId meter, Instant instant, CancellationToken cancellation);

    /// <summary>All readings of a microgrid's meters at an instant.</summary>
    Task<IReadOnlyList<SignedReading>> ReadingsAtAsync(MicrogridId microgrid, Instant instant, CancellationToken cancellation);

    /// <summary>A meter's registers over time, from inclusive to exclusive, oldest first; reads hot rows and packed days alike.</summary>
    Task<IReadOnlyList<RegisterPoint>> SeriesAsync(MeterId meter, Instant from, Instant to, CancellationToken cancellation);

    /// <summary>
    /// What meters of one premises took in and gave out, in rows, as <see cref="MeterHistory"/> makes them from their registers;
    /// where one was not read, from the register that the newest closed version of the interval estimates.
    /// </summary>
    /// <exception cref="ArgumentException">There is no meter, the span is empty, or it has too many steps.</exception>
    Task<HistoryTable> HistoryAsync(HistoryQuery query, CancellationToken cancellation);

    /// <summary>A closed interval: a given version, or the newest when null.</summary>
    Task<ClosedInterval?> ClosedAsync(MicrogridId microgrid, Instant start, int? version, CancellationToken cancellation);

    /// <summary>Closed intervals (newest versions) that start before an instant (all when null), newest first.</summary>
    Task<IReadOnlyList<ClosedInterval>> ClosedBeforeAsync(MicrogridId microgrid, Instant? before, int limit, CancellationToken cancellation);

    /// <summary>
    /// Every version of closed intervals behind a version of the interval that starts at an instant, in the order of start and version.
    /// </summary>
    Task<IReadOnlyList<ClosedInterval>> VersionsAfterAsync(
        MicrogridId microgrid, Instant start, int version, int limit, CancellationToken cancellation);

    /// <summary>
    /// Every reading of a microgrid's meters, those on request too, from inclusive to exclusive, by instant and then by sequence. For
    /// rebuilding: it holds them all at once.
    /// </summary>
    Task<IReadOnlyList<SignedReading>> AllReadingsAsync(MicrogridId microgrid, Instant from, Instant to, CancellationToken cancellation);

    /// <summary>Quarantined messages, newest first.</summary>
    Task<IReadOnlyList<StoredRefusal>> QuarantineAsync(int limit, CancellationToken cancellation) => QuarantineAsync(below: null, limit, cancellation);

    /// <summary>Quarantined messages below a number (all when null), newest first.</summary>
    Task<IReadOnlyList<StoredRefusal>> QuarantineAsync(long? below, int limit, CancellationToken cancellation);

    /// <summary>Counts and sums over everything stored, for reconciling.</summary>
    Task<StoreTotals> TotalsAsync(CancellationToken cancellation);
}

/// <summary>A meter's registers at an instant.</summary>
/// <param name="Instant">When.</param>
/// <param name="Registers">The registers.</param>
public readonly record struct RegisterPoint(Instant Instant, Registers Registers);

/// <summary>Which history is asked for.</summary>
/// <param name="Meters">Whose; their energies are added.</param>
/// <param name="From">The span's start, inclusive; rows begin at or before it.</param>
/// <param name="To">The span's end, exclusive; rows end at or after it.</param>
/// <param name="Step">How long the rows are.</param>
/// <param name="Zone">The community's zone.</param>
/// <param name="Length">The community's intervals.</param>
public sealed record HistoryQuery(
    IReadOnlyList<MeterId> Meters, Instant From, Instant To, HistoryStep Step, DateTimeZone Zone, IntervalLength Length);

/// <summary>A refused message in the quarantine.</summary>
/// <param name="Id">Its number.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Topic">On which topic.</param>
/// <param name="Reason">The refusal's name.</param>
/// <param name="Detail">One line for a person.</param>
/// <param name="Size">How many bytes of the message are kept.</param>
public sealed record StoredRefusal(long Id, Instant ReceivedAt, string Topic, string Reason, string Detail, int Size);

/// <summary>What the store holds in all.</summary>
/// <param name="Readings">Accepted readings.</param>
/// <param name="Quarantined">Refused messages.</param>
/// <param name="Energy">For all meters but the transformers': newest register less the first, from the stored readings.</param>
/// <param name="Intervals">Closed intervals, newest versions.</param>
/// <param name="Corrections">Versions beyond the first.</param>
/// <param name="Waiting">Outbox entries not settled yet.</param>
public sealed record StoreTotals(long Readings, long Quarantined, EnergySum Energy, long Intervals, long Corrections, long Waiting);
