using Busbar.Domain.Supply;
using NodaTime;

namespace Busbar.Device.Supply;

/// <summary>What happened to a meter's supply, for its <c>event</c> topic. A closed set; the name of the case is its name on the wire.</summary>
public abstract record SupplyEvent
{
    private SupplyEvent()
    {
    }

    /// <summary>Its name on the wire.</summary>
    public string Name => GetType().Name;

    /// <summary>A permit was not obeyed.</summary>
    /// <param name="Sequence">Its sequence number, when it could be read.</param>
    /// <param name="Refused">Why.</param>
    /// <param name="Newest">The sequence number of the newest permit that is believed; null when there is none.</param>
    public sealed record PermitRefused(ulong? Sequence, Busbar.Domain.Supply.PermitRefused Refused, ulong? Newest) : SupplyEvent;

    /// <summary>The relay was switched, and reads back as it was commanded.</summary>
    /// <param name="Relay">What it is.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Permit">The sequence number of the newest permit; null when there is none.</param>
    public sealed record RelaySwitched(RelayState Relay, SupplyReason Reason, ulong? Permit) : SupplyEvent;

    /// <summary>The relay does not follow.</summary>
    /// <param name="Wanted">What it was commanded.</param>
    /// <param name="Reads">What it reads back.</param>
    /// <param name="Tries">How often it was commanded.</param>
    public sealed record RelayStuck(RelayState Wanted, RelayState Reads, int Tries) : SupplyEvent;

    /// <summary>The clock has jumped, and the monotonic counter is believed instead.</summary>
    /// <param name="By">By how much, forward positive.</param>
    public sealed record ClockJumped(Duration By) : SupplyEvent;

    /// <summary>The clock is believed again.</summary>
    public sealed record ClockAgreed : SupplyEvent;
}
