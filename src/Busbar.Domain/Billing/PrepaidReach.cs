using NodaTime;

namespace Busbar.Domain.Billing;

/// <summary>How far prepaid money reached.</summary>
/// <param name="At">When that was reckoned.</param>
/// <param name="Until">The end of the permit then.</param>
public readonly record struct PrepaidReach(Instant At, Instant Until)
{
    /// <summary>How far ahead.</summary>
    public Duration Ahead => Until - At;
}
