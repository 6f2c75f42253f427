using System.Diagnostics;
using System.Globalization;
using Busbar.Store.CrashProbe;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Tests.Sqlite;

/// <summary>Kills a process that appends and packs, again and again, and holds the file against what it acknowledged.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task Kill_AtAnyMoment_LosesNothingAcknowledgedAndHalvesNothing()
    {
        using var folder = new TemporaryFolder();
        var chance = new Random(20260301);
        var acknowledged = new Dictionary<(int Writer, int Number), long>();
        var epoch = 0L;
        var first = 0;
        for (var round = 0; round < 6; round++)
        {
            var lines = await RunAndKillAsync(folder.Path, first, after: chance.Next(1, 600));
            var began = Assert.Single(lines, line => line.StartsWith("epoch", StringComparison.Ordinal)).Split(' ');
            Assert.True(Number(began[1]) > epoch);
            epoch = Number(began[1]);
            foreach (var ack in lines.Where(line => line.StartsWith("ack ", StringComparison.Ordinal)).Select(line => line.Split(' ')))
                acknowledged.Add(((int)Number(ack[1]), (int)Number(ack[2])), Number(ack[3]));
            first = await VerifyAsync(folder.Path, acknowledged);
        }

        Assert.True(acknowledged.Count > 6);
    }

    private static async Task<List<string>> RunAndKillAsync(string folder, int first, int after)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileName(path).StartsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            ArgumentList = { "exec", typeof(Probe).Assembly.Location, folder, first.ToString(CultureInfo.InvariantCulture) },
        };
        using var process = Process.Start(start)!;
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (lines.Count == after)
                process.Kill();
        }

        await process.WaitForExitAsync();
        Assert.True(lines.Count >= after, $"the probe ended by itself after {lines.Count} lines");
        return lines;
    }

    /// <returns>The first number that no append has yet.</returns>
    private static async Task<int> VerifyAsync(string folder, Dictionary<(int Writer, int Number), long> acknowledged)
    {
        await using var store = await SqliteStore.OpenAsync(folder, TimeProvider.System, null, CancellationToken.None);
        var found = new Dictionary<(int Writer, int Number), long>();
        for (var journal = 0; journal < 2; journal++)
        {
            var left = 0;
            await foreach (var entry in store.Journal.ReadAsync(Probe.Journal(journal), 0, CancellationToken.None))
            {
                var (writer, number, index, count) = Probe.Parse(entry.Record.Payload.Span);
                Assert.Equal(Probe.Records(writer, number)[index].Payload.ToArray(), entry.Record.Payload.ToArray());
                if (left == 0)
                    found.Add((writer, number), entry.Position);
                Assert.Equal(left == 0 ? 0 : count - left, index);
                left = (left == 0 ? count : left) - 1;
            }

            Assert.Equal(0, left);
        }

        foreach (var (append, position) in acknowledged)
            Assert.Equal(position, found[append]);
        Assert.Equal(found.Count, (await store.Readings.TotalsAsync(CancellationToken.None)).Readings);
        foreach (var (writer, number) in acknowledged.Keys)
        {
            var reading = Probe.Reading(writer, number);
            Assert.Equal(reading, await store.Readings.ReadingAsync(reading.Reading.Meter, reading.Reading.Instant, CancellationToken.None));
        }

        return found.Count == 0 ? 0 : found.Keys.Max(append => append.Number) + 1;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
