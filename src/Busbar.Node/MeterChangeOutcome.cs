using Busbar.Domain.Metering;

namespace Busbar.Node;

/// <summary>What became of an operator's record that a meter was changed. A closed set.</summary>
public abstract record MeterChangeOutcome
{
    private MeterChangeOutcome()
    {
    }

    /// <summary>
    /// It is on disk and in force: with the meter's next boot its registers may begin anew, once. A second record before that changes nothing.
    /// </summary>
    /// <param name="Meter">The meter.</param>
    public sealed record Recorded(MeterId Meter) : MeterChangeOutcome;

    /// <summary>No microgrid has this meter in service; nothing was written.</summary>
    /// <param name="Meter">The meter.</param>
    public sealed record UnknownMeter(MeterId Meter) : MeterChangeOutcome;

    /// <summary>The note is empty or too long; nothing was written.</summary>
    /// <param name="Length">Its length in characters.</param>
    /// <param name="Maximum">The most that it may have.</param>
    public sealed record NoteRefused(int Length, int Maximum) : MeterChangeOutcome;
}
