using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Journal;

namespace Busbar.Node.Microgrids;

/// <summary>Makes a microgrid's state anew: the checkpoint, then the journal with the decisions that are in it.</summary>
internal static class MicrogridRecovery
{
    /// <summary>The state to begin with, and the first record to apply to it.</summary>
    public static async Task<(MicrogridState State, long From)> LoadAsync(
        ActorSurroundings surroundings, JournalName name, MicrogridId microgrid, MeteringRules rules, CancellationToken cancellation)
    {
        var checkpoint = await surroundings.Journal.LoadCheckpointAsync(name, cancellation);
        try
        {
            if (checkpoint is not null)
                return (MicrogridState.FromCheckpoint(checkpoint.State, microgrid, surroundings.Master), checkpoint.Position);
        }
        catch (InvalidDataException)
        {
            // Another version's: only a shortcut is lost, the journal has everything.
        }

        return (new(new(microgrid, surroundings.Master, rules), EventPlace.Start), 0);
    }

    /// <summary>Applies what was decided.</summary>
    /// <returns>The entries at the end that no decision covers: they are judged now.</returns>
    public static async Task<List<JournalEntry>> ReplayAsync(
        ActorSurroundings surroundings, JournalName name, MicrogridState state, long from, CancellationToken cancellation)
    {
        var waiting = new List<JournalEntry>();
        await foreach (var entry in surroundings.Journal.ReadAsync(name, from, cancellation))
        {
            if (entry.Record.Kind != RecordKind.Decision)
            {
                waiting.Add(entry);
                continue;
            }

            var decision = BatchDecision.Read(entry.Record);
            if (decision.Through < from)
                continue;
            var covered = waiting.TakeWhile(input => input.Position <= decision.Through).ToList();
            new MicrogridBatch(state, surroundings.Domain).Apply(covered, decision);
            waiting.RemoveRange(0, covered.Count);
        }

        return waiting;
    }
}
