using System.Net.Http.Json;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Api;

/// <summary>
/// A village of six houses and a transformer over two days of odd length. The first house reads as it pleases and its meter is changed on
/// the second day; all others read at the first boundaries alone.
/// </summary>
public sealed class Village : SharedCommunity
{
    /// <summary>From this boundary on the first house has another meter.</summary>
    public const int Changed = 130;

    public const int Last = 200;

    private readonly PrivateKey _holder = PrivateKey.FromSeed("a household of the village"u8);

    /// <summary>What the first house's registers showed, by boundary.</summary>
    internal SortedDictionary<int, Registers> Read { get; } = [];

    internal TestCommunity Community { get; private set; } = null!;

    internal HttpClient Operator { get; private set; } = null!;

    internal HttpClient Household { get; private set; } = null!;

    internal TestSession HouseholdSession { get; private set; } = null!;

    /// <summary>The body of a success.</summary>
    internal static async Task<JsonElement> TakeAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>Status and code of a refusal.</summary>
    internal static async Task<(int Status, string? Code)> RefusalAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    protected override async Task<TestCommunity> BeginAsync()
    {
        TestMeter[] meters =
        [
            new("house 1") { Holder = _holder },
            .. Enumerable.Range(2, 5).Select(number => new TestMeter($"house {number}") { Holder = PrivateKey.FromSeed([(byte)number]) }),
            new("transformer", MeterKind.Transformer),
        ];
        Community = new(meters) { IsOpen = false, Zone = new MovingZone() };
        await Community.OpenOrGoAsync(now: 0);
        await ReadAllAsync(meters);
        Operator = (await TestSession.BeginAsync(Community, "operator", null, Role.Operator)).Client(Community);
        HouseholdSession = await TestSession.BeginAsync(Community, "household", _holder.Address);
        Household = HouseholdSession.Client(Community);
        var places = meters.Take(6).Select((meter, place) => new
        {
            meter = meter.Id.ToString(),
            name = meter.Name,
            district = place switch { < 3 => "North", < 5 => "South", _ => "" },
            feeder = place < 4 ? "A" : "B",
        });
        using var written = await Operator.PostAsJsonAsync("directory", places);
        Assert.True(written.IsSuccessStatusCode, await written.Content.ReadAsStringAsync());
        return Community;
    }

    private async Task ReadAllAsync(TestMeter[] meters)
    {
        await Community.RunAsync(0, 4);
        var first = meters[0];
        for (var boundary = 0; boundary <= 4; boundary++)
            Read[boundary] = first.RegistersAt(boundary);
        var chance = Keccak256.Hash("when the first house reads"u8).ToArray();
        for (var boundary = 5; boundary <= Last; boundary++)
        {
            if (boundary == Changed)
            {
                Assert.IsType<MeterChangeOutcome.Recorded>(await Community.Node.RecordMeterChangeAsync(first.Id, "changed", default));
                first.Boot++;
            }

            // Whole hours without a reading, and hours with all of them.
            if (boundary is not (Changed or Last) && (chance[boundary / 8 % 32] >> (boundary % 8) & 1) == 0)
                continue;
            await Community.Node.SettledAsync();
            Community.Node.MoveClock(TestCommunity.At(boundary));
            var reading = first.Read(boundary);
            if (boundary >= Changed)
                reading = reading with { Registers = Anew(boundary) };
            Read[boundary] = reading.Registers;
            await (await Community.ConnectionOfAsync(first)).SendAsync(first.Seal(reading, Community.Domain));
        }

        await Community.MoveToAsync(TestCommunity.At(Last));
    }

    private static Registers Anew(int boundary) =>
        new(MeterRegister.FromMilliwattHours(7 + ((boundary - Changed) * 1_000L)), MeterRegister.FromMilliwattHours(boundary - Changed));
}

/// <summary>The tests that share <see cref="Village"/>.</summary>
[CollectionDefinition(Name)]
public sealed class VillageRoom : ICollectionFixture<Village>
{
    public const string Name = "village";
}
