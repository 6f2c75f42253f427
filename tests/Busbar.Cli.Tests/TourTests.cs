using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Busbar.Cli.Tests.Running;

namespace Busbar.Cli.Tests;

/// <summary>The README's step 5 with real processes: a community of one's own, whose node and meter are killed on the way.</summary>
public sealed class TourTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Step5_NodeAndMeterKilledOnTheWay_NothingLostAndProven()
    {
        _work.Secret("node-password", "a long password for the node");
        _work.Secret("meter-password", "a long password for the meter");
        var meter = (await RunAsync("device", "--show-address", "--data", "meter", "--password-file", "meter-password")).Output.Trim();
        _work.Community(meter);
        var told = (await RunAsync("up", "--password-file", "node-password", "--tokens")).Output.Trim().Split(' ');
        Assert.Equal([meter, "School"], [told[0], told[2]]);
        _work.Secret("meter-token", told[1]);
        await using var relay = new Relay();

        var (before, page) = await LiveAsync(meter, relay);
        var (node, api) = await UpAsync(relay);
        await using (node)
        using (api)
        {
            await using var device = Device(relay, page);
            await device.HearAsync("connected to the node");
            var readings = await api.WaitForAsync(
                $"/api/v1/meters/{meter}/readings?limit=20", list => list.Any(reading => Instant(reading) > Instant(before)));
            // What was acknowledged before the kill is there as it was, and what came after continues it.
            Assert.Contains(readings, reading => Instant(reading) == Instant(before) && Import(reading) == Import(before));
            Assert.Equal(readings.Select(Import), readings.Select(Import).OrderDescending());
            Assert.Equal(readings.Length, readings.DistinctBy(Instant).Count());
            var anchors = await api.WaitForAsync(
                "/api/v1/anchors?microgrid=1", list => list.Any(IsAnchored));
            var start = Start(anchors.Last(IsAnchored)).ToString(CultureInfo.InvariantCulture);
            await File.WriteAllBytesAsync(_work["proof.json"], await api.BytesAsync($"/api/v1/proofs/{meter}/{start}"));
            Assert.Equal(0, await device.StopAsync());
            Assert.Contains("stopped; 0 readings to be sent", device.Said, StringComparison.Ordinal);
            Assert.Equal(0, await node.StopAsync());
        }

        var verified = await RunAsync("verify", "reading", "proof.json", "--data", "busbar-data");
        Assert.Contains("anchored; the newest version is", verified.Output, StringComparison.Ordinal);
    }

    // The first life of both, up to the first reading; it ends with kill -9, and the meter is started again before the node is.
    private async Task<(JsonElement Reading, string Page)> LiveAsync(string meter, Relay relay)
    {
        var (node, api) = await UpAsync(relay);
        await using (node)
        using (api)
        {
            var page = await node.HearAsync(PageLine);
            JsonElement first;
            await using (var device = Device(relay, page))
            {
                await device.HearAsync("connected to the node");
                Assert.Equal("School", Assert.Single(await api.ListAsync("/api/v1/houses")).GetProperty("name").GetString());
                first = (await api.WaitForAsync($"/api/v1/meters/{meter}/readings?limit=20", list => list.Length > 0))[^1];
                relay.Target = 0;
                await node.KillAsync();
                await device.KillAsync();
            }

            await using var alone = Device(relay, page);
            await alone.HearAsync("no node answers at .*; readings are kept until it does");
            await alone.HearAsync("not connected .*readings are kept, trying again in");
            await alone.KillAsync();
            return (first, page);
        }
    }

    private const string PageLine = "The community's page: (http://.*)$";

    private async Task<(LivingProgram Node, Api Api)> UpAsync(Relay relay)
    {
        var node = LivingProgram.Start(_work.Folder, "up", "--password-file", "node-password", "--http-port", "0", "--mqtt-port", "0");
        var page = await node.HearAsync(PageLine);
        relay.Target = int.Parse(await node.HearAsync(@"by MQTT to port (\d+)"), CultureInfo.InvariantCulture);
        var api = new Api(page);
        var code = Regex.Match(node.Said, "with the code (?<code>[A-Za-z0-9-]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        await api.SignInAsync(code.Success ? code.Groups["code"].Value : null);
        return (node, api);
    }

    private LivingProgram Device(Relay relay, string page) => LivingProgram.Start(
        _work.Folder,
        "device", "--simulated", "--data", "meter", "--password-file", "meter-password", "--token-file", "meter-token",
        "--node", page, "--mqtt-port", relay.Port.ToString(CultureInfo.InvariantCulture));

    private async Task<Outcome> RunAsync(params string[] arguments) => (await BusbarProgram.RunAsync(_work.Folder, arguments)).Succeeded();

    private static DateTimeOffset Instant(JsonElement reading) => reading.GetProperty("instant").GetDateTimeOffset();

    private static long Import(JsonElement reading) => long.Parse(reading.GetProperty("importMwh").GetString()!, CultureInfo.InvariantCulture);

    private static bool IsAnchored(JsonElement anchor) => anchor.GetProperty("status").GetString() == "anchored";

    private static long Start(JsonElement anchor) => anchor.GetProperty("start").GetDateTimeOffset().ToUnixTimeSeconds();
}
