using System.Net.Http.Json;
using System.Text.Json;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Recovery;

/// <summary>The disk fills up under a running node.</summary>
public sealed class DiskFullTests
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    [EngineFact]
    public async Task Publish_DiskFull_NotAcknowledgedUntilThereIsSpaceAndNothingIsLost()
    {
        await using var community = await TestCommunity.StartAsync(new("house 1"), new("house 2"));
        await community.RunAsync(0, 1);
        var meter = community.Meters[0];
        var connection = await community.ConnectionOfAsync(meter);
        await community.Node.Store.LimitPagesAsync(1, default);

        var (boundary, sending) = (1, Task.CompletedTask);
        while (community.Node.Trouble is null)
        {
            await sending;
            community.Node.MoveClock(TestCommunity.At(++boundary));
            sending = connection.ReadAsync(boundary);
            while (!sending.IsCompleted && community.Node.Trouble is null)
                await Task.Delay(Look, TimeProvider.System);
        }

        Assert.Contains("is full; nothing was written. Free some space; no restart is needed", community.Node.Trouble, StringComparison.Ordinal);
        Assert.False(sending.IsCompleted);
        // What is on disk is whole: every reading before, and nothing of this one.
        Assert.Null(await community.Node.Store.Readings.ReadingAsync(meter.Id, TestCommunity.At(boundary), default));
        using (var client = new HttpClient { BaseAddress = community.Node.Page, Timeout = TestConnection.Patience })
        {
            using (var answer = await client.GetAsync("api/v1/houses"))
                Assert.True(answer.IsSuccessStatusCode);
            Assert.Equal((false, community.Node.Trouble), await HealthAsync(client));
        }

        await community.Node.Store.LimitPagesAsync(uint.MaxValue - 1, default);
        await sending;
        Assert.Null(community.Node.Trouble);
        using (var client = new HttpClient { BaseAddress = community.Node.Page, Timeout = TestConnection.Patience })
            Assert.Equal((true, null), await HealthAsync(client));
        var other = await community.ConnectionOfAsync(community.Meters[1]);
        for (var late = 2; late <= boundary; late++)
            await other.ReadAsync(late);
        await community.MoveToAsync(TestCommunity.At(boundary));
        await community.MoveToAsync(TestCommunity.At(boundary) + community.Rules.Waiting);
        await community.StepAsync(boundary + 1, [.. community.Meters]);
        var totals = await community.Node.TotalsAsync(default);
        Assert.Equal((0, boundary + 1, boundary + 1, 0), (totals.Refused, totals.Closed, totals.Anchored, totals.Waiting));
        var energy = community.EnergyBetween(0, boundary + 1);
        Assert.Equal((energy, energy), (totals.Store, totals.Ledger));
    }
    private static async Task<(bool Well, string? Trouble)> HealthAsync(HttpClient client)
    {
        var health = await client.GetFromJsonAsync<JsonElement>("api/v1/health");
        return (health.GetProperty("well").GetBoolean(), health.GetProperty("trouble").GetString());
    }
}
