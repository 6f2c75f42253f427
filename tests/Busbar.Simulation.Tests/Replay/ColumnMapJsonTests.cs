using Busbar.Simulation.Replay;

namespace Busbar.Simulation.Tests.Replay;

public class ColumnMapJsonTests
{
    private const string Good = """
        { "layout": "wide", "timeColumn": "t", "zone": "Europe/Zurich", "stamp": "end", "intervalMinutes": 30, "unit": "wattHour",
          "homes": { "A": { "import": "in", "export": "out" }, "B": { "load": "use" } } }
        """;

    [Fact]
    public void Parse_Good_HasEverything()
    {
        var map = ColumnMapJson.Parse(Good);

        Assert.Equal((FileLayout.Wide, TimeStamp.End, EnergyUnit.WattHour, 30), (map.Layout, map.Stamp, map.Unit, map.IntervalMinutes));
        Assert.Equal(new EnergyColumns("in", "out"), map.Homes!["A"]);
        Assert.Equal(new EnergyColumns(Load: "use"), map.Homes["B"]);
    }

    [Theory]
    [InlineData("30", "20")]
    [InlineData("Europe/Zurich", "Mars/Olympus")]
    [InlineData("\"end\"", "\"middle\"")]
    [InlineData("\"timeColumn\": \"t\",", "")]
    [InlineData("\"unit\"", "\"units\"")]
    [InlineData("\"wide\"", "\"long\"")]
    [InlineData("\"load\"", "\"generation\"")]
    [InlineData("\"export\"", "\"load\"")]
    [InlineData("}", "")]
    public void Parse_Bad_SaysSo(string part, string replacement) =>
        Assert.Equal(
            ReplayProblemKind.BadMap,
            Assert.Throws<ReplayException>(() => ColumnMapJson.Parse(Good.Replace(part, replacement, StringComparison.Ordinal))).Problem.Kind);

    [Fact]
    public void Load_BuiltIn_IsValid() => Assert.All(ColumnMapJson.BuiltIn, name => Assert.NotNull(ColumnMapJson.Load(name)));

    [Fact]
    public void Load_Unknown_SaysSo() =>
        Assert.Equal(ReplayProblemKind.BadMap, Assert.Throws<ReplayException>(() => ColumnMapJson.Load("no-such-map")).Problem.Kind);
}
