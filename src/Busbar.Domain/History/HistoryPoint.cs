using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.History;

/// <summary>A meter's registers at an instant, from which a history is made.</summary>
/// <param name="At">When.</param>
/// <param name="Registers">The registers.</param>
public readonly record struct HistoryPoint(Instant At, Registers Registers);
