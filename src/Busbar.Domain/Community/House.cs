using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;

namespace Busbar.Domain.Community;

/// <summary>
/// What the node knows of a metering point beside the ledger: what people call it and where it is. The ledger holds none of this.
/// </summary>
/// <param name="Meter">The meter's key.</param>
/// <param name="Name">What people call it; 1 to 80 characters, unlike any other's.</param>
/// <param name="Kind">What it measures.</param>
/// <param name="Microgrid">Where it hangs.</param>
/// <param name="Premises">The random id under which the premises stands on the ledger; zero for a community's own meter.</param>
public sealed record House(MeterId Meter, string Name, MeterKind Kind, MicrogridId Microgrid, PremisesId Premises)
{
    /// <summary>The longest name, district or feeder, in characters.</summary>
    public const int LongestName = 80;

    /// <summary>The district, for sums that an authority may see; empty when not told.</summary>
    public string District { get; init; } = "";

    /// <summary>The feeder that supplies it; empty when not told.</summary>
    public string Feeder { get; init; } = "";

    /// <summary>The most that its connection carries; null for the community's default.</summary>
    public Power? Connection { get; init; }
}
