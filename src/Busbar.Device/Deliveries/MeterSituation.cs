using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Device.Deliveries;

/// <summary>All that a meter knows of itself when it looks after its deliveries.</summary>
/// <param name="Now">The time; null while it is not known.</param>
/// <param name="Registers">The registers.</param>
/// <param name="Supply">Whether the premises is to be supplied, and why.</param>
/// <param name="Relay">What the supply's relay reads back; null without one.</param>
/// <param name="Volts">The voltage; null where it is not measured.</param>
internal readonly record struct MeterSituation(Instant? Now, Registers Registers, SupplyDecision Supply, RelayState? Relay, double? Volts)
{
    public long Register(EnergyFlow flow) =>
        (flow == EnergyFlow.Export ? Registers.Export : Registers.Import).MilliwattHours;

    /// <summary>Why nothing may flow; none when it may.</summary>
    public StopReason Hindrance => Supply switch
    {
        { Relay: RelayState.Closed } => StopReason.None,
        { Reason: SupplyReason.SafetyTrip or SupplyReason.TheftTrip or SupplyReason.LocalTrip } => StopReason.Tripped,
        _ => StopReason.NotPermitted,
    };
}
