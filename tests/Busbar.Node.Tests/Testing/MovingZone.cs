using NodaTime;
using NodaTime.TimeZones;

namespace Busbar.Node.Tests.Testing;

/// <summary>A zone whose clocks are put forward on the tests' first day, which so has 23 hours, and back on the second, which has 25.</summary>
public sealed class MovingZone() : DateTimeZone("Test/Moving", isFixed: false, Offset.Zero, Offset.FromHours(1))
{
    public static readonly Instant Forward = Instant.FromUtc(2026, 6, 21, 1, 0);
    public static readonly Instant Back = Instant.FromUtc(2026, 6, 22, 1, 0);

    public override ZoneInterval GetZoneInterval(Instant instant) => instant < Forward ? new("winter", null, Forward, Offset.Zero, Offset.Zero)
        : instant < Back ? new("summer", Forward, Back, Offset.FromHours(1), Offset.FromHours(1))
        : new("winter", Back, null, Offset.Zero, Offset.Zero);
}
