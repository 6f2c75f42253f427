using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Node.Microgrids;

/// <summary>
/// Whether a tick could change anything: an interval is over and not closed, or a correction waits. Ticks are journaled, so
/// idle ones are kept rare. Written by the actor, read by the ticker.
/// </summary>
internal sealed class TickNeed
{
    private long _nextEnd = long.MaxValue;
    private volatile bool _correctionsWait;

    public bool At(Instant now) => _correctionsWait || now.ToUnixTimeSeconds() >= Interlocked.Read(ref _nextEnd);

    public void Update(MicrogridMetering metering)
    {
        var end = metering.NextInterval?.End ?? (metering.HasReadings ? Instant.MinValue : Instant.MaxValue);
        Interlocked.Exchange(ref _nextEnd, end == Instant.MinValue ? long.MinValue : end == Instant.MaxValue ? long.MaxValue : end.ToUnixTimeSeconds());
        _correctionsWait = metering.CorrectionsWait;
    }
}
