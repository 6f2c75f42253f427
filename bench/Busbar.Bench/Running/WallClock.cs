using NodaTime;

namespace Busbar.Bench.Running;

/// <summary>The machine's clock, as the running node has it.</summary>
internal sealed class WallClock : IClock
{
    public Instant GetCurrentInstant() => Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
}
