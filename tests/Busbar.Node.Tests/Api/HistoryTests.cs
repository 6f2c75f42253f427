using System.Globalization;
using System.Text.Json;
using Busbar.Node.Tests.Testing;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node.Tests.Api;

/// <summary>Histories over gaps, a changed meter and days of 92 and 100 quarters: their totals are the registers' difference, always.</summary>
[Collection(VillageRoom.Name)]
public sealed class HistoryTests(Village shared)
{
    private static readonly string[] Steps = ["interval", "hour", "day", "month", "year"];

    [EngineFact]
    public async Task Total_AnySpanAndStep_IsTheRowsSumAndTheRegistersDifference()
    {
        var community = await shared.CommunityAsync();
        var meter = community.Meters[0].Id;
        var (checkedDirectly, overTheChange) = (0, 0);
        for (var span = 0; span < 60; span++)
        {
            var from = span * 37 % (Village.Last - 1);
            var to = Math.Min(from + 1 + (span * 53 % 150), Village.Last);
            var history = await Village.TakeAsync(shared.Household, Query(meter.ToString(), At(from), At(to), Steps[span % Steps.Length]));
            var (rows, total) = (history.GetProperty("rows").EnumerateArray().ToList(), history.GetProperty("total"));

            Assert.Equal(Sum(rows, "importMwh"), Number(total, "importMwh"));
            Assert.Equal(Sum(rows, "exportMwh"), Number(total, "exportMwh"));
            Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.Equal(pair.First.GetProperty("end").GetString(), pair.Second.GetProperty("start").GetString()));
            if (total.GetProperty("fromRegister") is not { ValueKind: JsonValueKind.Object } first || total.GetProperty("toRegister") is not { ValueKind: JsonValueKind.Object } last)
                continue;
            Assert.Equal(RegisterAt(first), Number(first, "importMwh"));
            Assert.Equal(RegisterAt(last), Number(last, "importMwh"));
            var isOver = Boundary(first) < Village.Changed && Boundary(last) >= Village.Changed;
            // What the old meter counted last, and what the new one has counted since it began at nothing.
            var old = isOver ? shared.Read.Last(one => one.Key < Village.Changed).Value.Import.MilliwattHours : 0;
            Assert.Equal(old + Number(last, "importMwh") - Number(first, "importMwh"), Number(total, "importMwh"));
            _ = isOver ? overTheChange++ : checkedDirectly++;
        }

        Assert.True(checkedDirectly >= 5 && overTheChange >= 5, $"{checkedDirectly} and {overTheChange}");
    }

    [EngineTheory]
    [InlineData("interval")]
    [InlineData("hour")]
    [InlineData("day")]
    public async Task Csv_AnyStep_TheRowsOfTheJson(string step)
    {
        var community = await shared.CommunityAsync();
        var query = Query(community.Meters[0].Id.ToString(), At(0), At(Village.Last), step);
        var rows = (await Village.TakeAsync(shared.Household, query)).GetProperty("rows").EnumerateArray().ToList();
        var lines = (await shared.Household.GetStringAsync(query.Replace("history?", "history.csv?", StringComparison.Ordinal)))
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).ToList();

        Assert.Equal(
            rows.Select(row => ("house 1", row.GetProperty("start").GetString(), row.GetProperty("importMwh").GetString() ?? "", row.GetProperty("exportMwh").GetString() ?? "")),
            lines.Select(line => (line[0], (string?)InstantPattern.ExtendedIso.Format(OffsetDateTimePattern.Rfc3339.Parse(line[1]).Value.ToInstant()), line[3], line[4])));
        Assert.Equal(rows.Select(row => row.GetProperty("marks").GetArrayLength()), lines.Select(line => line[5].Length == 0 ? 0 : line[5].Split(' ').Length));
    }

    [EngineTheory]
    [InlineData("2026-06-21T00:00:00Z", "2026-06-22T00:00:00+01:00", 92, 23)]
    [InlineData("2026-06-22T00:00:00+01:00", "2026-06-23T00:00:00Z", 100, 25)]
    public async Task Day_OnWhichTheClocksAreMoved_HasItsQuartersAndHours(string from, string to, int quarters, int hours)
    {
        var community = await shared.CommunityAsync();
        var meter = community.Meters[0].Id.ToString();
        async Task<List<JsonElement>> RowsAsync(string step) =>
            [.. (await Village.TakeAsync(shared.Household, Query(meter, from, to, step))).GetProperty("rows").EnumerateArray()];

        Assert.Equal(quarters, (await RowsAsync("interval")).Count);
        Assert.Equal(hours, (await RowsAsync("hour")).Count);
        Assert.Equal(Instant(from), Instant(Assert.Single(await RowsAsync("day")).GetProperty("start").GetString()!));
        Assert.Equal(Instant(to), Instant((await RowsAsync("interval"))[^1].GetProperty("end").GetString()!));
    }

    [EngineTheory]
    [InlineData("from=2026-01-01T00:00:00Z&to=2027-06-01T00:00:00Z&step=interval", "36000")]
    [InlineData("from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&step=day", "to after from")]
    [InlineData("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z&step=day", "to after from")]
    [InlineData("from=2010-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&step=year", "ten years")]
    [InlineData("from=1969-12-31T00:00:00Z&to=1970-01-02T00:00:00Z&step=day", "instants")]
    [InlineData("from=2026-01-01&to=2026-01-02&step=day", "instants")]
    [InlineData("to=2026-01-02T00:00:00Z&step=day", "instants")]
    [InlineData("from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&step=3", "step")]
    [InlineData("from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&step=hour,day", "step")]
    [InlineData("from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&step=none", "step")]
    [InlineData("from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", "step")]
    public async Task Span_ThatIsNone_RefusedByName(string span, string said)
    {
        var community = await shared.CommunityAsync();
        foreach (var form in (string[])["history", "history.csv"])
        {
            using var answer = await shared.Household.GetAsync($"{form}?meter={community.Meters[0].Id}&{span}");
            Assert.Equal(400, (int)answer.StatusCode);
            Assert.Contains(said, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [EngineFact]
    public async Task Premises_OfOneself_TheSameAsItsMeter_OfOthersNotThere()
    {
        var community = await shared.CommunityAsync();
        var (own, other) = (community.Meters[0].Id, community.Meters[1].Id);
        var byMeter = await Village.TakeAsync(shared.Household, Query(own.ToString(), At(0), At(Village.Last), "day"));
        string Premises(Domain.Metering.MeterId meter) => Query("", At(0), At(Village.Last), "day").Replace("meter=", $"premises={community.Keys.PremisesOf(meter)}", StringComparison.Ordinal);

        Assert.Equal(byMeter.ToString(), (await Village.TakeAsync(shared.Household, Premises(own))).ToString());
        Assert.Equal((404, "NotFound"), await Village.RefusalAsync(shared.Household, Premises(other)));
        Assert.Equal((404, "NotFound"), await Village.RefusalAsync(shared.Household, Query(other.ToString(), At(0), At(4), "day")));
        Assert.Equal((404, "NotFound"), await Village.RefusalAsync(shared.Operator, $"history?premises=0x{new string('0', 64)}&from={At(0)}&to={At(4)}&step=day"));
        Assert.True(Number((await Village.TakeAsync(shared.Operator, Premises(other))).GetProperty("total"), "importMwh") > 0);
    }

    private long RegisterAt(JsonElement register) => shared.Read[Boundary(register)].Import.MilliwattHours;

    private static int Boundary(JsonElement register) =>
        (int)((Instant(register.GetProperty("at").GetString()!) - TestCommunity.At(0)).TotalMinutes / 15);

    private static string At(int boundary) => InstantPattern.ExtendedIso.Format(TestCommunity.At(boundary));

    private static Instant Instant(string text) => OffsetDateTimePattern.Rfc3339.Parse(text).Value.ToInstant();

    private static string Query(string meter, string from, string to, string step) =>
        $"history?meter={meter}&from={Uri.EscapeDataString(from)}&to={Uri.EscapeDataString(to)}&step={step}";

    private static long Sum(IEnumerable<JsonElement> rows, string name) =>
        rows.Where(row => row.GetProperty(name).ValueKind == JsonValueKind.String).Sum(row => Number(row, name));

    private static long Number(JsonElement row, string name) => long.Parse(row.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}
