using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Node.Deliveries;

/// <summary>How far one meter of a delivery has come.</summary>
internal enum SideStage
{
    /// <summary>Not told yet: its turn has not come.</summary>
    Waiting,

    /// <summary>Told, and not begun.</summary>
    Ordered,

    /// <summary>It counts.</summary>
    Running,

    /// <summary>It is over, and its signed report is on disk here.</summary>
    Stopped,

    /// <summary>The meter does not take part; <see cref="SideStanding.Trouble"/> says why.</summary>
    Refused,
}

/// <summary>One meter of a delivery.</summary>
/// <param name="Meter">Which.</param>
/// <param name="Stage">How far it has come.</param>
/// <param name="Opened">Since when it counts; null before.</param>
/// <param name="Seconds">For how long it has counted, as it told last.</param>
/// <param name="Energy">What has flowed, as it told last; signed when it is <see cref="SideStage.Stopped"/>.</param>
/// <param name="Reason">Why it stopped; <see cref="StopReason.None"/> before.</param>
/// <param name="Trouble">What keeps it from beginning; null when nothing does.</param>
internal sealed record SideStanding(
    MeterId Meter, SideStage Stage, Instant? Opened, long Seconds, Energy Energy, StopReason Reason, string? Trouble);

/// <summary>What the node knows of a delivery beyond the ledger.</summary>
/// <param name="Id">The delivery's 32 bytes on the ledger.</param>
/// <param name="Source">The store's meter, or the seller's.</param>
/// <param name="Sink">The buyer's.</param>
/// <param name="Trouble">What keeps the node from settling it; null when nothing does.</param>
internal sealed record DeliveryStanding(Hash256 Id, SideStanding Source, SideStanding Sink, string? Trouble);

/// <summary>What the node knows of deliveries beyond the ledger. Safe for concurrent callers.</summary>
internal interface IDeliveryStandings
{
    /// <summary>A delivery's standing, also of one that is over; null when this node never carried it out.</summary>
    DeliveryStanding? Of(Hash256 id);
}
