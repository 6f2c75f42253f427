using System.CommandLine;
using Busbar.Cli.Running;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;

namespace Busbar.Cli.Commands;

/// <summary><c>busbar repair</c>: cuts the damaged end off a journal, keeping what is cut off.</summary>
internal static class RepairCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "the node's data folder; the node must be stopped", Required = true };
        var journal = new Option<string?>("--journal") { Description = "the journal that the node named, such as microgrid/1" };
        var check = new Option<bool>("--check") { Description = "only look: names every damaged journal (or the one given) and changes nothing" };
        var command = new Command("repair", "Cuts the damaged end off a journal; what is cut off is kept in a file. First try your backup.")
        {
            data, journal, check,
        };
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed.GetRequiredValue(data), parsed.GetValue(journal), parsed.GetValue(check), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string data, string? journal, bool check, CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(data, SqliteStore.FileName)))
            throw new CommandFailure($"{data} is no data folder of a node: it has no {SqliteStore.FileName}");
        await using var store = await SqliteStore.OpenAsync(data, TimeProvider.System, options: null, cancellation);
        if (check)
            return await CheckAsync(store, journal, cancellation);
        if (journal is null)
            throw new CommandFailure("which journal is to be repaired? Name it with --journal, or look for damage with --check");
        var repair = await store.RepairTailAsync(new JournalName(journal), cancellation);
        Console.Out.WriteLine(repair.Removed == 0
            ? $"journal {journal} is sound up to record {repair.End}; nothing was changed"
            : $"journal {journal} ends at record {repair.End} now; {repair.Removed} records were cut off and are in {repair.File}; "
                + "when the node starts next, it takes back the readings and closed intervals that the store still has of them");
        return 0;
    }

    private static async Task<int> CheckAsync(SqliteStore store, string? journal, CancellationToken cancellation)
    {
        var damaged = 0;
        foreach (var name in (await store.JournalsAsync(cancellation)).Where(name => journal is null || name.Name == journal))
        {
            if (await store.VerifyAsync(name, TimeSpan.Zero, cancellation) is not { } damage)
            {
                Console.Out.WriteLine($"journal {name} is sound");
                continue;
            }

            damaged++;
            Console.Out.WriteLine($"{damage.Detail}; a repair would cut off {damage.End - damage.Position} records");
            if (damage.IsBeforeCheckpoint)
                Console.Out.WriteLine($"the node still starts, from its checkpoint at record {damage.Checkpoint}; restore a backup rather than repair");
        }

        return damaged == 0 ? 0 : 1;
    }
}
