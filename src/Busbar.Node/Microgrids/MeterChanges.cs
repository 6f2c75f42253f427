using Busbar.Domain.Metering;
using Busbar.Node.Intake;
using NodaTime;

namespace Busbar.Node.Microgrids;

/// <summary>Operators' records that a meter was changed, journaled where the meter's readings go.</summary>
internal sealed class MeterChanges(IReadOnlyList<MicrogridActor> actors, JournalPump pump, IClock clock)
{
    /// <summary>The longest note, in characters.</summary>
    public const int LongestNote = 500;

    /// <summary>Records a change; on disk and in force when it completes.</summary>
    public async Task<MeterChangeOutcome> RecordAsync(MeterId meter, string note, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(note);
        if (string.IsNullOrWhiteSpace(note) || note.Length > LongestNote)
            return new MeterChangeOutcome.NoteRefused(note.Length, LongestNote);
        var actor = actors.FirstOrDefault(one => one.Meters.Any(known => known.Meter == meter && known.RetiredAt is null));
        if (actor is null)
            return new MeterChangeOutcome.UnknownMeter(meter);
        var record = new CommandRecord(meter, note).Write(clock.GetCurrentInstant());
        await actor.WhenAppliedAsync(await pump.WriteAsync(actor, record, cancellation), cancellation);
        return new MeterChangeOutcome.Recorded(meter);
    }
}
