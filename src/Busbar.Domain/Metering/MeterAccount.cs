using Busbar.Cryptography;

namespace Busbar.Domain.Metering;

/// <summary>All that a microgrid knows of one of its meters.</summary>
internal sealed class MeterAccount(MeterRegistration registration)
{
    /// <summary>How many readings back a repeat can be told from a forgery under an old number.</summary>
    public const int RecentCount = 64;

    public MeterRegistration Registration { get; set; } = registration;

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

    /// <summary>The signed readings of a transformer by boundary, since they are anchored themselves.</summary>
    public SortedDictionary<long, SignedReading> Signed { get; } = [];

    /// <summary>The meter's secret once it has been derived.</summary>
    public MeterSecret? Secret { get; set; }

    /// <summary>The boundary of the newest reading at an interval's end: up to it nothing can change any more.</summary>
    public long? LastBoundary { get; set; }

    /// <summary>
    /// Counts a genuine reading's number as taken, believed or not: the meter cannot say anything else under it, so what
    /// follows is no gap.
    /// </summary>
    public void TakeNumber(Reading reading, Hash256 digest)
    {
        NextSequence = reading.Sequence + 1;
        Recent[reading.Sequence % RecentCount] = (reading.Sequence, digest);
    }
}
