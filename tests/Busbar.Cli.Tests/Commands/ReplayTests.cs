using System.Text.Json;
using Busbar.Cli.Tests.Running;

namespace Busbar.Cli.Tests.Commands;

[Collection(ReplayCases.Name)]
public sealed class ReplayTests(ReplayFixture replay)
{
    [Fact]
    public void Replay_BadValues_ToldByLineAndNameAndTheRestReconciles()
    {
        var outcome = replay.Outcome.Succeeded();
        foreach (var told in new[]
                 {
                     "line 3, Mill: Negative", "line 4: Repeat", "line 5: Gap", "line 5, School: Absurd", "line 6, Mill: MissingValue",
                     "check it: busbar verify reading proof.json --data kept",
                 })
            Assert.Contains(told, outcome.Error, StringComparison.Ordinal);
        using var summary = JsonDocument.Parse(outcome.Output);
        Assert.True(summary.RootElement.GetProperty("reconciled").GetBoolean());
        var energy = summary.RootElement.GetProperty("energyMwh");
        Assert.Equal("1585000", energy.GetProperty("ledger").GetString());
    }

    [Theory]
    [InlineData("2026-06-01T10:45,-1,0.2", "Mill: Negative")]
    [InlineData("2026-06-01T10:45,0.1,999", "School: Absurd")]
    [InlineData("2026-06-01T10:30,0.1,0.2", "Repeat")]
    [InlineData("2026-06-01T11:15,0.1,0.2", "Gap")]
    [InlineData("2026-06-01T10:45,0.1", "WrongColumnCount")]
    [InlineData("noon,0.1,0.2", "BadTime")]
    public async Task Replay_StrictWithAProblem_StopsAtItsLineBeforeAnythingIsSent(string line, string told)
    {
        var file = $"{Math.Abs(string.GetHashCode(line, StringComparison.Ordinal))}.csv";
        replay.Write(file, [.. ReplayFixture.Good, line]);
        (await RunAsync(file, "--map", "map.json", "--strict")).FailedPlainly(1, "line 5", told, "--strict stops here, and nothing was sent");
    }

    [Fact]
    public async Task Replay_FileOrMapOfNoUse_SaysWhichAndWhy()
    {
        replay.Write("good.csv", ReplayFixture.Good);
        replay.Work.Write("other.json", """{ "layout": "wide", "timeColumn": "hour", "stamp": "start", "intervalMinutes": 15 }""");
        replay.Work.Write("typo.json", """{ "layout": "wide", "timeColum": "time", "stamp": "start", "intervalMinutes": 15 }""");
        replay.Write("empty.csv");
        (await RunAsync("absent.csv", "--map", "map.json")).FailedPlainly(1, "absent.csv");
        (await RunAsync("good.csv", "--map", "absent.json")).FailedPlainly(1, "BadMap", "absent.json", "wide-quarter-hour");
        (await RunAsync("good.csv", "--map", "typo.json")).FailedPlainly(1, "BadMap", "timeColum");
        (await RunAsync("good.csv", "--map", "other.json")).FailedPlainly(1, "MissingColumn", "hour");
        (await RunAsync("good.csv", "--map", "long-hourly-load-pv")).FailedPlainly(1, "MissingColumn");
        (await RunAsync("empty.csv", "--map", "map.json")).FailedPlainly(1, "NoReadings");
    }

    [Fact]
    public async Task Replay_ProofThatCannotBe_RefusedBeforeTheRun()
    {
        replay.Write("good2.csv", ReplayFixture.Good);
        var prove = new[] { "good2.csv", "--map", "map.json", "--prove" };
        (await RunAsync([.. prove, "School"])).FailedPlainly(1, "--prove is METER@");
        (await RunAsync([.. prove, "Shop@2026-06-01T05:00:00Z=p.json"])).FailedPlainly(1, "no meter is called Shop", "Mill, School");
        (await RunAsync([.. prove, "School@2026-06-01T05:01:00Z=p.json"])).FailedPlainly(1, "no interval of the file ends at");
        (await RunAsync([.. prove, "School@2026-06-01T05:00:00Z=no/p.json"])).FailedPlainly(1, "there is no folder");
        (await RunAsync("good2.csv", "--map", "map.json", "--data", "kept")).FailedPlainly(1, "kept is not empty");
        (await RunAsync()).FailedPlainly(2, "busbar --help");
    }

    private Task<Outcome> RunAsync(params string[] arguments) => BusbarProgram.RunAsync(replay.Work.Folder, ["replay", .. arguments]);
}
