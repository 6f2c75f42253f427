using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Journal;
using Busbar.Node.Community;
using Busbar.Node.Tests.Api;
using Busbar.Node.Tests.Testing;
using NodaTime;

namespace Busbar.Node.Tests.Starting;

/// <summary>A node that cannot start says plainly why, and leaves everything as it was.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Start_LengthDoesNotDivideTheZone_Refused()
    {
        await using var community = new TestCommunity(new TestMeter("house 1")) { Rules = new() { Length = IntervalLength.FromMinutes(60) } };
        var refused = await Assert.ThrowsAsync<NodeStartException>(() => community.OpenAsync(
            change: options => options with { Community = options.Community with { Zone = DateTimeZoneProviders.Tzdb["Asia/Kolkata"] } }));
        Assert.Contains("60 min", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Asia/Kolkata", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(community.Folder));
    }

    [Fact]
    public async Task Start_KeyOrNameTwice_Refused()
    {
        await using var keys = new TestCommunity(new("house 1"), new TestMeter("house 1"));
        var key = await Assert.ThrowsAsync<NodeStartException>(() => keys.OpenAsync());
        Assert.Contains(keys.Meters[0].Id.ToString(), key.Message, StringComparison.Ordinal);
        await using var names = new TestCommunity(new("house 1"), new TestMeter("house 2"));
        var name = await Assert.ThrowsAsync<NodeStartException>(() => names.OpenAsync(change: options => options with
        {
            Community = options.Community with
            {
                Microgrids = [new(new(1), "Test grid", [.. names.Meters.Select(meter => meter.Description with { Name = "the house" })])],
            },
        }));
        Assert.Contains("the house", name.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OpenToOthers_Refused()
    {
        await using var community = new TestCommunity(new TestMeter("house 1"));
        var refused = await Assert.ThrowsAsync<NodeStartException>(
            () => community.OpenAsync(change: options => options with { Address = IPAddress.Any }));
        Assert.Contains("0.0.0.0", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TestWalletsWithoutADemonstration_Refused()
    {
        await using var community = new TestCommunity(new TestMeter("house 1")) { IsOpen = false };
        var refused = await Assert.ThrowsAsync<NodeStartException>(
            () => community.OpenAsync(change: options => options with { TestWallets = [new("House 1", community.Keys.Owner)] }));
        Assert.Contains("test wallets", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(community.Folder));
    }

    [EngineFact]
    public async Task Start_Demonstration_TellsItsTestWalletsAndBeginsWithItsRules()
    {
        using var key = PrivateKey.FromSeed("a wallet for everybody"u8);
        await using var community = new TestCommunity(new TestMeter("house 1"));
        await community.OpenAsync(change: options => options with
        {
            TestWallets = [new("House 1", key)],
            FirstRules = new Dictionary<string, ulong>(StringComparer.Ordinal) { ["graceDays"] = 0 },
        });
        using var visitor = new HttpClient(new DescribedAnswers(new HttpClientHandler())) { BaseAddress = new(community.Node.Page, "/api/v1/") };

        using var answer = await visitor.GetAsync("demo/wallets");
        var told = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var wallet = Assert.Single(told.EnumerateArray());
        Assert.Equal(("House 1", key.Address.ToString()), (wallet.GetProperty("name").GetString(), wallet.GetProperty("address").GetString()));
        using var copy = PrivateKey.FromBytes(HexText.Decode(wallet.GetProperty("key").GetString()!));
        Assert.Equal(key.Address, copy.Address);
        var rules = JsonElement.Parse(await visitor.GetStringAsync("council")).GetProperty("rules").EnumerateArray();
        Assert.Equal("0", rules.Single(rule => rule.GetProperty("name").GetString() == "graceDays").GetProperty("value").GetString());
    }

    [Fact]
    public async Task Start_AnvilMissing_SaysWhichFileAndFolderIsFreeAgain()
    {
        await using var community = new TestCommunity(new TestMeter("house 1"));
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var missing = await Assert.ThrowsAsync<EngineException>(
                () => community.OpenAsync(change: options => options with { EngineBinary = "/nowhere/anvil" }));
            Assert.Equal(EngineFailure.BinaryMissing, missing.Failure);
            Assert.Contains("/nowhere/anvil", missing.Message, StringComparison.Ordinal);
        }
    }

    [EngineFact]
    public async Task Start_WrongChainOrFolderHeld_RefusedAndStartsAfterwards()
    {
        await using var community = await TestCommunity.StartAsync(new TestMeter("house 1"));
        await community.RunAsync(0, 2);
        await SecondNodeIsRefusedAsync(community);
        var before = await community.Node.TotalsAsync(default);
        await community.CloseAsync();

        var wrong = await Assert.ThrowsAsync<EngineException>(() => community.OpenAsync(3, options => options with { ChainId = 1 }));
        Assert.Equal(EngineFailure.WrongChain, wrong.Failure);
        Assert.Contains("35303", wrong.Message, StringComparison.Ordinal);

        await community.OpenAsync(3);
        Assert.Equal(before with { Acknowledged = 0 }, await community.Node.TotalsAsync(default));
    }

    [EngineFact]
    public async Task Start_PortTaken_NamesItAndStartsWhenItIsFree()
    {
        await using var community = new TestCommunity(new TestMeter("house 1"));
        using (var other = new TcpListener(IPAddress.Loopback, 0))
        {
            other.Start();
            var port = ((IPEndPoint)other.LocalEndpoint).Port;
            foreach (var change in (Func<NodeOptions, NodeOptions>[])[options => options with { HttpPort = port }, options => options with { MqttPort = port }])
            {
                var taken = await Assert.ThrowsAsync<NodeStartException>(() => community.OpenAsync(change: change));
                Assert.Contains(port.ToString(System.Globalization.CultureInfo.InvariantCulture), taken.Message, StringComparison.Ordinal);
            }
        }

        await community.OpenAsync();
        await community.RunAsync(0, 1);
        Assert.Equal(1, (await community.Node.TotalsAsync(default)).Anchored);
    }

    [EngineFact]
    public async Task Start_OtherLengthAfterReadings_Refused()
    {
        await using var community = await TestCommunity.StartAsync(new TestMeter("house 1"));
        await community.RunAsync(0, 1);
        await community.CloseAsync();
        var refused = await Assert.ThrowsAsync<NodeStartException>(() => community.OpenAsync(1, options => options with
        {
            Community = options.Community with { Rules = new() { Length = IntervalLength.FromMinutes(30) } },
        }));
        Assert.Contains("30 min", refused.Message, StringComparison.Ordinal);
    }

    private static async Task SecondNodeIsRefusedAsync(TestCommunity community)
    {
        var held = await Assert.ThrowsAsync<StoreException>(() => BusbarNode.StartAsync(
            community.Options, community.Keys, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, null, default));
        Assert.Contains(community.Folder, held.Message, StringComparison.Ordinal);
        await community.StepAsync(3, community.Meters[0]);
        Assert.Equal(3, (await community.Node.TotalsAsync(default)).Anchored);
    }
}
