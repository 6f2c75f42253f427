using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using NodaTime;

namespace Busbar.Store.Supply;

/// <summary>An operator's command to trip a meter for safety's or theft's sake, or to take that back. Kept for ever.</summary>
/// <param name="Meter">Which meter.</param>
/// <param name="Trip">Which trip: <see cref="SupplyFlags.SafetyTrip"/> or <see cref="SupplyFlags.TheftTrip"/>.</param>
/// <param name="IsTripped">Whether it begins; else it ends.</param>
/// <param name="Account">Whose command.</param>
/// <param name="Note">Why, in the operator's words; may be empty.</param>
/// <param name="At">When.</param>
public sealed record SupplyCommand(MeterId Meter, SupplyFlags Trip, bool IsTripped, string Account, string Note, Instant At);
