namespace Busbar.Domain.Metering;

/// <summary>What a leaf says beside its energy: the reading's own flags in the low byte, the node's above.</summary>
[Flags]
public enum LeafFlags : ushort
{
    /// <summary>Measured, and nothing to say.</summary>
    None = 0,

    /// <summary>The register at the interval's end is an estimate, so there is no reading to show for it.</summary>
    Estimated = 256,

    /// <summary>The meter was changed inside the interval, so its registers start anew.</summary>
    RegisterReset = 512,

    /// <summary>The register at the interval's start is an estimate, so the energy is measured in part only.</summary>
    OpeningEstimated = 1024,
}
