using Busbar.Cryptography;
using NodaTime;

namespace Busbar.Domain.Metering;

/// <summary>All that a microgrid knows of one of its meters.</summary>
internal sealed class MeterAccount(MeterRegistration registration)
{
    /// <summary>How many readings back a repeat can be told from a forgery under an old number.</summary>
    public const int RecentCount = 64;

    /// <summary>The newest span of service.</summary>
    public MeterRegistration Registration { get; private set; } = registration;

    /// <summary>The spans of service before the newest: a closed interval is corrected with the meters that it had.</summary>
    public List<MeterRegistration> Earlier { get; } = [];

    /// <summary>The newest accepted reading, on request or not.</summary>
    public Reading? Last { get; set; }

    /// <summary>The sequence number that comes next; null before the first reading.</summary>
    public ulong? NextSequence { get; set; }

    /// <summary>The digests of the newest readings, by sequence modulo <see cref="RecentCount"/>.</summary>
    public (ulong Sequence, Hash256 Digest)[] Recent { get; } = new (ulong, Hash256)[RecentCount];

    /// <summary>The boundaries that may still be asked for.</summary>
    public BoundaryWindow Points { get; } = new();

    /// <summary>The usual use, for estimates.</summary>
    public LoadProfile Profile { get; } = new();

    /// <summary>An operator has recorded that the meter was changed: the registers may begin anew with the next boot.</summary>
    public bool ChangeRecorded { get; set; }

    /// <summary>The registers began anew with a reading on request, so the next one at a boundary is the first after it.</summary>
    public bool ResetSinceBoundary { get; set; }

    /// <summary>
    /// What intervals that are final by now have counted, when their end was an estimate. Should the true registers stand lower, then
    /// the intervals after them count nothing until the registers have passed it.
    /// </summary>
    public Registers? Counted { get; set; }

    /// <summary>The signed readings of a transformer by boundary, since they are anchored themselves.</summary>
    public SortedDictionary<long, SignedReading> Signed { get; } = [];

    /// <summary>The meter's secret once it has been derived.</summary>
    public MeterSecret? Secret { get; set; }

    /// <summary>The boundary of the newest reading at an interval's end: up to it nothing can change any more.</summary>
    public long? LastBoundary { get; set; }

    /// <summary>Begins a span of service, or changes the one that is not over.</summary>
    public void Register(MeterRegistration next)
    {
        if (Registration.RetiredAt is not null)
            Earlier.Add(Registration);
        Registration = next;
    }

    /// <summary>Ends the newest span of service.</summary>
    public void Retire(Instant at) => Registration = Registration with { RetiredAt = at };

    /// <summary>Whether it has a leaf in an interval.</summary>
    public bool HasLeafIn(Interval interval) => Registration.HasLeafIn(interval) || Earlier.Exists(span => span.HasLeafIn(interval));

    /// <summary>Whether it is an electricity meter registered when the interval begins.</summary>
    public bool IsRegisteredFor(Interval interval) =>
        Registration.IsRegisteredFor(interval) || Earlier.Exists(span => span.IsRegisteredFor(interval));

    /// <summary>
    /// The end of the last interval of a retired meter, up to which it may still send what it kept; null while it is in service.
    /// </summary>
    public Instant? LastEnd(IntervalLength length) =>
        Registration.RetiredAt is not { } retired ? null : length.IsBoundary(retired) ? retired : length.Containing(retired).End;

    /// <summary>
    /// Counts a genuine reading's number as taken, believed or not: the meter cannot say anything else under it, so what
    /// follows is no gap.
    /// </summary>
    public void TakeNumber(Reading reading, Hash256 digest)
    {
        NextSequence = reading.Sequence == ulong.MaxValue ? ulong.MaxValue : reading.Sequence + 1;
        Recent[reading.Sequence % RecentCount] = (reading.Sequence, digest);
    }
}
