using System.Net.Http.Json;
using System.Text.Json;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Api;

/// <summary>What the live stream tells of devices: what changed, to those who may see it, and also of those that wait to be registered.</summary>
[Collection(VillageRoom.Name)]
public sealed class LiveDevicesTests(Village shared)
{
    [EngineFact]
    public async Task Stream_DevicesSpeak_EachChangeToldToThoseWhoMaySeeIt()
    {
        var community = await shared.CommunityAsync();
        await using var all = await DeviceStream.OpenAsync(shared.Operator);
        await using var own = await DeviceStream.OpenAsync(shared.Household);
        var (mine, other) = (community.Meters[0], community.Meters[3]);

        await TellAsync(other, """{"power":777}""");
        var seen = await all.UntilAsync(device => Name(device) == other.Name && PowerOf(device) == 777);
        await TellAsync(mine, """{"power":778}""");
        await own.UntilAsync(device => Name(device) == mine.Name && PowerOf(device) == 778);

        Assert.True(seen.GetProperty("online").GetBoolean());
        Assert.All(own.Seen, device => Assert.Equal(mine.Name, Name(device)));
        Assert.DoesNotContain(all.Seen, device => Name(device) == community.Meters[5].Name);

        async Task TellAsync(TestMeter meter, string telemetry) => await (await community.ConnectionOfAsync(meter))
            .Client.PublishAsync(meter.Topic("telemetry"), System.Text.Encoding.UTF8.GetBytes(telemetry));
    }

    [EngineFact]
    public async Task Stream_MeterThatIsOnlyPlanned_OnlineWithWhatItRuns()
    {
        var community = await shared.CommunityAsync();
        var planned = new TestMeter("planned house");
        using (var written = await shared.Operator.PutAsJsonAsync($"directory/{planned.Id}", new { name = planned.Name, microgrid = 1 }))
            Assert.True(written.IsSuccessStatusCode, await written.Content.ReadAsStringAsync());
        await using var stream = await DeviceStream.OpenAsync(shared.Operator);

        await using var connection = await TestConnection.OpenAsync(planned, community);
        await connection.ReadAsync(Village.Last);

        var device = await stream.UntilAsync(
            device => Name(device) == planned.Name && device.GetProperty("refused24h").GetInt32() == 1);
        Assert.True(device.GetProperty("online").GetBoolean());
        Assert.Equal(planned.Description.Firmware.ToString(), device.GetProperty("firmware").GetString());
    }

    private static string? Name(JsonElement device) => device.GetProperty("name").GetString();

    private static double? PowerOf(JsonElement device) =>
        device.GetProperty("telemetry") is { ValueKind: JsonValueKind.Object } told ? told.GetProperty("powerW").GetDouble() : null;

    /// <summary>A live stream of which only the devices are looked at.</summary>
    private sealed class DeviceStream(Stream stream) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _late = new(TestConnection.Patience);
        private readonly StreamReader _reader = new(stream);

        public List<JsonElement> Seen { get; } = [];

        /// <summary>A stream that has told its first second, so that what comes is change.</summary>
        public static async Task<DeviceStream> OpenAsync(HttpClient client)
        {
            var opened = new DeviceStream(await client.GetStreamAsync("live"));
            while (await opened._reader.ReadLineAsync(opened._late.Token) != "event: now")
                continue;
            return opened;
        }

        public async Task<JsonElement> UntilAsync(Func<JsonElement, bool> isIt)
        {
            var name = "";
            while (await _reader.ReadLineAsync(_late.Token) is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal))
                    name = line["event: ".Length..];
                if (name != "devices" || !line.StartsWith("data: ", StringComparison.Ordinal))
                    continue;
                var told = JsonElement.Parse(line["data: ".Length..]).EnumerateArray().ToList();
                Seen.AddRange(told);
                if (told.FindLast(device => isIt(device)) is { ValueKind: JsonValueKind.Object } found)
                    return found;
            }

            throw new EndOfStreamException("the stream ended");
        }

        public async ValueTask DisposeAsync()
        {
            _reader.Dispose();
            _late.Dispose();
            await stream.DisposeAsync();
        }
    }
}
