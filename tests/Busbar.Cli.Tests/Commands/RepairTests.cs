using Busbar.Cli.Tests.Running;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;

namespace Busbar.Cli.Tests.Commands;

public sealed class RepairTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    private static readonly string[] FreePorts = ["--http-port", "0", "--mqtt-port", "0"];

    [Fact]
    public async Task Up_KilledAndSpoiled_NamesTheDamageRepairsAndGoesOn()
    {
        var folder = await node.KilledAsync("spoiled");
        var addresses = await File.ReadAllTextAsync(Path.Combine(folder, "addresses.json"));
        await File.WriteAllTextAsync(Path.Combine(folder, "addresses.json"), addresses.Replace("35303", "1", StringComparison.Ordinal));
        (await UpAsync([.. FreePorts, "--data", "spoiled"])).FailedPlainly(1, "is of chain 1, the node is set to 35303");
        await File.WriteAllTextAsync(Path.Combine(folder, "addresses.json"), addresses);

        await DamageAsync(folder, JournalName.Microgrid(1));
        (await UpAsync([.. FreePorts, "--data", "spoiled"]))
            .FailedPlainly(1, "journal microgrid/1 is damaged", "busbar repair --data spoiled --journal microgrid/1");
        var repaired = (await node.RunAsync("repair", "--data", "spoiled", "--journal", "microgrid/1")).Succeeded();
        Assert.Contains("records were cut off and are in", repaired.Output, StringComparison.Ordinal);
        repaired = (await node.RunAsync("repair", "--data", "spoiled", "--journal", "microgrid/1")).Succeeded();
        Assert.Contains("nothing was changed", repaired.Output, StringComparison.Ordinal);
        await using var later = LivingProgram.Start(node.Work.Folder, ["up", "--password-file", "node-password", "--data", "spoiled", .. FreePorts]);
        await later.HearAsync("The community's page");
        (await node.RunAsync("repair", "--data", "spoiled", "--journal", "engine")).FailedPlainly(1, "in use by another Busbar");
        Assert.Equal(0, await later.StopAsync());
    }

    [Fact]
    public async Task Repair_WrongNames_SaysWhich()
    {
        (await node.RunAsync("repair", "--data", "nowhere", "--journal", "engine")).FailedPlainly(1, "nowhere is no data folder of a node");
        (await node.RunAsync("repair")).FailedPlainly(2, "--data");
    }

    private Task<Outcome> UpAsync(params string[] more) => node.RunAsync(["up", "--password-file", "node-password", .. more]);

    // Opening the store folds its log into the file. The longest record, a ledger's event, is in no other journal too.
    private static async Task DamageAsync(string folder, JournalName journal)
    {
        byte[] longest = [];
        await using (var store = await SqliteStore.OpenAsync(folder, TimeProvider.System, options: null, CancellationToken.None))
        {
            await foreach (var entry in store.Journal.ReadAsync(journal, 0, CancellationToken.None))
                longest = entry.Record.Payload.Length > longest.Length ? entry.Record.Payload.ToArray() : longest;
        }

        var path = Path.Combine(folder, SqliteStore.FileName);
        var bytes = await File.ReadAllBytesAsync(path);
        var at = bytes.AsSpan().IndexOf(longest);
        Assert.True(longest.Length > 0 && at > 0, "no record of the journal is in the file as it was written");
        bytes[at] ^= 0x40;
        await File.WriteAllBytesAsync(path, bytes);
    }
}
