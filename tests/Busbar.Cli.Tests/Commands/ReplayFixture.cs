using Busbar.Cli.Tests.Running;

namespace Busbar.Cli.Tests.Commands;

/// <summary>A replay of a file with every kind of bad value, run once; its folder and a proof are kept for those who check it.</summary>
public sealed class ReplayFixture : IAsyncLifetime
{
    /// <summary>Lines that are all well, for a header of time, Mill and School.</summary>
    internal static readonly string[] Good = ["2026-06-01T10:00,0.1,0.2", "2026-06-01T10:15,0.1,0.2", "2026-06-01T10:30,0.1,0.2"];

    private const string Map = """
        { "layout": "wide", "timeColumn": "time", "zone": "Asia/Kolkata", "stamp": "start", "intervalMinutes": 15 }
        """;

    internal Workplace Work { get; } = new();

    internal Outcome Outcome { get; private set; } = new(-1, "", "");

    public async Task InitializeAsync()
    {
        Work.Write("map.json", Map);
        Write(
            "bad.csv",
            "2026-06-01T10:00,0.120,0.310",
            "2026-06-01T10:15,-0.131,0.298",
            "2026-06-01T10:15,0.131,0.298",
            "2026-06-01T10:45,0.260,999",
            "2026-06-01T11:00,,0.297",
            "2026-06-01T11:15,0.1,0.2");
        Outcome = await BusbarProgram.RunAsync(
            Work.Folder, "replay", "bad.csv", "--map", "map.json", "--json", "--data", "kept", "--prove", "School@2026-06-01T05:00:00Z=proof.json");
    }

    public Task DisposeAsync()
    {
        Work.Dispose();
        return Task.CompletedTask;
    }

    internal string Write(string name, params string[] lines) =>
        Work.Write(name, string.Join('\n', ["time,Mill,School", .. lines]) + "\n");
}

[CollectionDefinition(Name)]
public sealed class ReplayCases : ICollectionFixture<ReplayFixture>
{
    public const string Name = "replay";
}
