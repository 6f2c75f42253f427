using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Billing;

/// <summary>The part of a billing period in which one meter measured a premises: from the period's start, or the meter's
/// installation, to its end, or the meter's removal.</summary>
/// <param name="Meter">Which meter.</param>
/// <param name="From">When its opening registers were read.</param>
/// <param name="Opening">Its registers then.</param>
/// <param name="To">When its closing registers were read.</param>
/// <param name="Closing">Its registers then.</param>
public sealed record MeterSegment(MeterId Meter, Instant From, Registers Opening, Instant To, Registers Closing);
