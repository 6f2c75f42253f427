using Busbar.Cryptography;
using NodaTime;

namespace Busbar.Domain.Metering;

/// <content>Taking back what was decided before and whose record is lost.</content>
public sealed partial class MicrogridMetering
{
    /// <summary>Intervals that start before it cannot change any more.</summary>
    public Instant SettledBefore => Instant.FromUnixTimeSeconds(_settled * Rules.Length.Seconds);

    /// <summary>
    /// The newest version of the closed interval that starts at an instant; 0 when it is not closed, and the highest number there is when
    /// it cannot change any more.
    /// </summary>
    public int ClosedVersion(Instant start)
    {
        var boundary = BoundaryOf(start);
        if (_firstClosed is null || boundary < _firstClosed || boundary >= _next)
            return 0;
        return boundary < _settled ? int.MaxValue : _corrected.TryGetValue(boundary, out var version) ? version : 1;
    }

    /// <summary>Takes back a reading that was believed before.</summary>
    /// <returns>False when it is known, or its meter is not.</returns>
    public bool RestoreReading(SignedReading signed, Hash256 digest)
    {
        if (!_accounts.TryGetValue(signed.Reading.Meter, out var account) || signed.Reading.Sequence < account.NextSequence)
            return false;
        ApplyAccepted(signed, digest);
        return true;
    }

    /// <summary>Takes back a version of an interval as it was closed. Readings that it counted are to be taken back before it.</summary>
    /// <returns>False when it is known.</returns>
    public bool RestoreClosing(ClosingDecision decision)
    {
        if (decision.Version <= ClosedVersion(decision.Interval.Start))
            return false;
        var known = decision with { Estimates = [.. decision.Estimates.Where(estimate => _accounts.ContainsKey(estimate.Key))] };
        ApplyTick(decision.Interval.End > _lastTick ? decision.Interval.End : _lastTick, [known]);
        return true;
    }
}
