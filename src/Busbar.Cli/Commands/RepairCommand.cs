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
        var journal = new Option<string>("--journal") { Description = "the journal that the node named, such as microgrid/1", Required = true };
        var command = new Command("repair", "Cuts the damaged end off a journal; what is cut off is kept in a file. First try your backup.") { data, journal };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetRequiredValue(data), parsed.GetRequiredValue(journal), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string data, string journal, CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(data, SqliteStore.FileName)))
            throw new CommandFailure($"{data} is no data folder of a node: it has no {SqliteStore.FileName}");
        await using var store = await SqliteStore.OpenAsync(data, TimeProvider.System, options: null, cancellation);
        var repair = await store.RepairTailAsync(new JournalName(journal), cancellation);
        Console.Out.WriteLine(repair.Removed == 0
            ? $"journal {journal} is sound up to record {repair.End}; nothing was changed"
            : $"journal {journal} ends at record {repair.End} now; {repair.Removed} records were cut off and are in {repair.File}; "
                + "when the node starts next, it takes back the readings and closed intervals that the store still has of them");
        return 0;
    }
}
