using Busbar.Domain.Metering;

namespace Busbar.Ledger.Anchoring;

/// <summary>One version of a closed interval: all that is needed to anchor it and to make its tree anew.</summary>
/// <param name="Microgrid">Whose.</param>
/// <param name="Interval">Which slice of time.</param>
/// <param name="Version">1 for the first, then one more for each correction.</param>
/// <param name="Root">The tree's root and sums.</param>
/// <param name="Count">How many leaves.</param>
/// <param name="TransformerOpening">The transformer's reading at the start, when there is one.</param>
/// <param name="TransformerClosing">The transformer's reading at the end, when there is one.</param>
/// <param name="Estimates">The leaves with an estimated or reset register: what readings alone do not tell.</param>
public sealed record ClosedInterval(
    MicrogridId Microgrid,
    Interval Interval,
    int Version,
    SumNode Root,
    int Count,
    SignedReading? TransformerOpening,
    SignedReading? TransformerClosing,
    IReadOnlyList<EstimatedLeaf> Estimates)
{
    /// <summary>The key of its entry in the outbox.</summary>
    public OutboxKey Key => new(Microgrid, Interval, Version);
}

/// <summary>A leaf that cannot be made from two readings alone.</summary>
/// <param name="Meter">Whose.</param>
/// <param name="Closing">The registers at the interval's end, measured or estimated.</param>
/// <param name="Energy">Import and export within the interval.</param>
/// <param name="Flags">With <see cref="LeafFlags.Estimated"/> or <see cref="LeafFlags.RegisterReset"/>.</param>
/// <param name="ReadingDigest">The digest of the reading at the end; zero when estimated.</param>
public sealed record EstimatedLeaf(
    MeterId Meter, Registers Closing, EnergySum Energy, LeafFlags Flags, Busbar.Cryptography.Hash256 ReadingDigest);

/// <summary>Names an entry of the outbox: one version of one interval of one microgrid is anchored once.</summary>
/// <param name="Microgrid">Whose.</param>
/// <param name="Interval">Which slice of time.</param>
/// <param name="Version">Which version.</param>
public readonly record struct OutboxKey(MicrogridId Microgrid, Interval Interval, int Version) : IComparable<OutboxKey>
{
    /// <summary>By microgrid, then interval, then version: the order in which entries are sent.</summary>
    public int CompareTo(OutboxKey other)
    {
        var microgrid = Microgrid.CompareTo(other.Microgrid);
        var interval = Interval.CompareTo(other.Interval);
        return microgrid != 0 ? microgrid : interval != 0 ? interval : Version.CompareTo(other.Version);
    }
}
