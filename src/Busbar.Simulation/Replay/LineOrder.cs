using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Simulation.Replay;

/// <summary>
/// The order of lines of one file, or of one home in a long file: which interval a line belongs to, and whether it follows the one
/// before. Intervals are numbered by their ends since the Unix epoch.
/// </summary>
internal sealed class LineOrder(IntervalLength length, TimeStamp stamp)
{
    /// <summary>How many of the first steps between lines are looked at.</summary>
    public const int StepsLookedAt = 9;

    private readonly Dictionary<long, int> _steps = [];
    private Instant? _previous;
    private int _looked;

    /// <summary>The number of the last interval taken; null before the first.</summary>
    public long? Last { get; private set; }

    /// <summary>
    /// Places a line. Of two instants that its civil time may mean it is the first that is later than the line before: clocks put back
    /// give the hour twice, in the order of the lines.
    /// </summary>
    public ReplayProblemKind Place(Instant earlier, Instant later, out long slot)
    {
        slot = 0;
        var end = End(earlier);
        if (later != earlier && Last is { } seen && end.ToUnixTimeSeconds() <= seen * length.Seconds)
            end = End(later);
        NoteStep(end);
        if (!length.IsBoundary(end))
            return ReplayProblemKind.MisalignedTime;
        slot = end.ToUnixTimeSeconds() / length.Seconds;
        if (slot == Last)
            return ReplayProblemKind.Repeat;
        if (slot < Last)
            return ReplayProblemKind.OutOfOrder;
        return ReplayProblemKind.None;
    }

    /// <summary>Goes on to an interval; how many between it and the last one have no line.</summary>
    public long Advance(long slot)
    {
        var gap = Last is { } last ? slot - last - 1 : 0;
        Last = slot;
        return gap;
    }

    /// <summary>The step, in seconds, that more than half of the first lines make; null before so many steps were looked at.</summary>
    public long? UsualStep(int leastSteps)
    {
        if (_looked < leastSteps)
            return null;
        var most = _steps.MaxBy(step => step.Value);
        return 2 * most.Value > _looked ? most.Key : null;
    }

    private Instant End(Instant stamped) => stamp is TimeStamp.End ? stamped : stamped + length.Duration;

    private void NoteStep(Instant end)
    {
        if (_previous is { } before && _looked < StepsLookedAt && end > before)
        {
            var step = (long)(end - before).TotalSeconds;
            _steps[step] = _steps.GetValueOrDefault(step) + 1;
            _looked++;
        }

        _previous = end;
    }
}
