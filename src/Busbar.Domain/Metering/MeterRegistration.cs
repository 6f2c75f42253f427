using Busbar.Cryptography;
using NodaTime;

namespace Busbar.Domain.Metering;

/// <summary>What the ledger says of a meter: where it stands and for whom.</summary>
/// <param name="Meter">Its key.</param>
/// <param name="Kind">What it measures.</param>
/// <param name="Commodity">What flows through it.</param>
/// <param name="Microgrid">The microgrid it belongs to.</param>
/// <param name="Premises">Where it stands; zero for a community's own meter.</param>
/// <param name="Participant">For whom; zero for a community's own meter.</param>
/// <param name="Firmware">The firmware it was registered with.</param>
/// <param name="RegisteredAt">The time of the block that registered it.</param>
/// <param name="RetiredAt">The time of the block that retired it, if any.</param>
public sealed record MeterRegistration(
    MeterId Meter,
    MeterKind Kind,
    Commodity Commodity,
    MicrogridId Microgrid,
    PremisesId Premises,
    Address Participant,
    Hash256 Firmware,
    Instant RegisteredAt,
    Instant? RetiredAt)
{
    /// <summary>Whether the meter has a leaf in an interval: an electricity meter, not a transformer's, registered when it begins.</summary>
    public bool HasLeafIn(Interval interval) => Kind != MeterKind.Transformer && IsRegisteredFor(interval);

    /// <summary>Whether it is an electricity meter registered when the interval begins.</summary>
    public bool IsRegisteredFor(Interval interval) =>
        Commodity == Commodity.Electricity && RegisteredAt <= interval.Start && (RetiredAt is not { } retired || interval.Start < retired);
}
