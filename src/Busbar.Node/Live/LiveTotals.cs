using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Node.Live;

/// <summary>The sums of a microgrid, or of all, for the screens.</summary>
/// <param name="At">The instant of the powers; null when no meter has told any lately.</param>
/// <param name="Meters">How many meters count.</param>
/// <param name="Reporting">How many of them have told a power lately.</param>
/// <param name="ImportPower">What those that take in take, together.</param>
/// <param name="ExportPower">What those that give out give, together; positive.</param>
/// <param name="TodayImport">What all have taken in since the community's day began.</param>
/// <param name="TodayExport">What all have given out since then.</param>
public sealed record LiveTotals(
    Instant? At, int Meters, int Reporting, Power ImportPower, Power ExportPower, Energy TodayImport, Energy TodayExport);
