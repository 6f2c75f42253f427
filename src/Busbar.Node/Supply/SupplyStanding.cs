using Busbar.Domain.Supply;

namespace Busbar.Node.Supply;

/// <summary>How a meter's supply stands, for screens.</summary>
/// <param name="Permit">Its newest permit; null when it has none.</param>
/// <param name="Told">What it told last of its relay; null when it told nothing since the node started.</param>
/// <param name="Trips">The trips that operators commanded.</param>
/// <param name="Status">How far it has followed.</param>
internal sealed record SupplyStanding(SupplyPermit? Permit, SupplyTold? Told, SupplyFlags Trips, SupplyStatus Status);
