namespace Busbar.Domain.Metering;

/// <summary>One version of an interval, closed: the leaves in the order of their tree, and the transformer's readings beside it.</summary>
/// <param name="Interval">Which slice of time.</param>
/// <param name="Version">1 for the first, then one more for each correction.</param>
/// <param name="Leaves">A leaf for each meter registered at the interval's start but the transformer's.</param>
/// <param name="Tree">The tree over them.</param>
/// <param name="TransformerOpening">The transformer's reading at the start, when there is one.</param>
/// <param name="TransformerClosing">The transformer's reading at the end, when there is one.</param>
public sealed record IntervalClosing(
    Interval Interval,
    int Version,
    IReadOnlyList<Leaf> Leaves,
    MerkleSumTree Tree,
    SignedReading? TransformerOpening,
    SignedReading? TransformerClosing)
{
    /// <summary>What the journal keeps of it, so that nothing is ever estimated again.</summary>
    public required ClosingDecision Decision { get; init; }
}

/// <summary>What a closing said of the registers that no reading tells, as the journal keeps it.</summary>
/// <param name="Interval">Which slice of time.</param>
/// <param name="Version">Which version.</param>
/// <param name="Estimates">The estimated registers at the interval's end, by meter.</param>
public sealed record ClosingDecision(Interval Interval, int Version, IReadOnlyList<KeyValuePair<MeterId, Registers>> Estimates);
