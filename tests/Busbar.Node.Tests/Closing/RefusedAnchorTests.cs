using System.Net.Http.Json;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Closing;

/// <summary>The contract has something else for an interval: what it refuses is shown with its reason, and the next goes on.</summary>
public sealed class RefusedAnchorTests
{
    [EngineFact]
    public async Task Anchor_RefusedForGood_FailedWithReasonInListAndStreamAndTheNextIsAnchored()
    {
        await using var community = await TestCommunity.StartAsync(new("house 1"), new("house 2"));
        await community.RunAsync(0, 1);
        community.Node.MoveClock(TestCommunity.At(2));
        var input = new Anchors.AnchorInput(
            TestCommunity.Grid.Number, (ulong)TestCommunity.At(1).ToUnixTimeSeconds(), 1, Keccak256.Hash("of another"u8), 2, 5, 0, Array.Empty<byte>());
        var call = new ChainCall(community.Node.Contracts.Anchors, Anchors.EncodeAnchor([input]), 300_000);
        var order = new ChainOrder(community.Keys.Operator, [call]) { Time = TestCommunity.At(2) };
        Assert.True(Assert.Single(await community.Node.Chain.ExecuteAsync(order, default)).Succeeded);

        var refused = await Assert.ThrowsAsync<LedgerRefusedException>(() => community.StepAsync(2, [.. community.Meters]));

        Assert.Contains("WrongVersion", Assert.Single(refused.Failures).Reason, StringComparison.Ordinal);
        using var client = new HttpClient { BaseAddress = community.Node.Page };
        var health = await client.GetFromJsonAsync<JsonElement>("api/v1/health");
        var told = Assert.Single(health.GetProperty("refusedAnchors").EnumerateArray());
        Assert.Equal((false, "2026-06-21T00:15:00Z"), (health.GetProperty("well").GetBoolean(), told.GetProperty("start").GetString()));
        Assert.Contains("WrongVersion", told.GetProperty("reason").GetString(), StringComparison.Ordinal);
        var failed = (await client.GetFromJsonAsync<JsonElement>("api/v1/anchors?limit=1")).GetProperty("items").EnumerateArray().Single();
        AssertFailed(failed);
        AssertFailed(await StreamedAsync(client, failed.GetProperty("start").GetString()!));

        await community.StepAsync(3, [.. community.Meters]);
        var anchors = (await client.GetFromJsonAsync<JsonElement>("api/v1/anchors")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["anchored", "failed", "anchored"], anchors.Select(anchor => anchor.GetProperty("status").GetString()), StringComparer.Ordinal);
        Assert.Null(anchors[0].GetProperty("reason").GetString());
    }

    [Fact]
    public void Report_SameTroubleAgain_IsToldOnce()
    {
        var log = new ListLogger<AnchorRefusals>();
        var told = new List<AnchorFailure>();
        var refusals = new AnchorRefusals(told.Add, log);
        var key = new OutboxKey(new(1), new(TestCommunity.At(0), Domain.Metering.IntervalLength.Default), 1);
        SettleResult blocked = new(0, [], [new(key, "NotOperator")], 0);

        refusals.Report(blocked);
        refusals.Report(blocked);
        refusals.Report(new(0, [new(key, "WrongVersion")], [], 1));

        Assert.Equal("WrongVersion", Assert.Single(told).Reason);
        Assert.Equal(2, log.Lines.Count);
        Assert.Contains("NotOperator", log.Lines[0], StringComparison.Ordinal);
        Assert.Contains("WrongVersion", log.Lines[1], StringComparison.Ordinal);
    }

    private static void AssertFailed(JsonElement anchor)
    {
        Assert.Equal("failed", anchor.GetProperty("status").GetString());
        Assert.Contains("WrongVersion", anchor.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Null(anchor.GetProperty("transaction").GetString());
    }

    private static async Task<JsonElement> StreamedAsync(HttpClient client, string start)
    {
        using var late = new CancellationTokenSource(TestConnection.Patience);
        await using var stream = await client.GetStreamAsync("api/v1/live", late.Token);
        using var reader = new StreamReader(stream);
        var isAnchor = false;
        while (await reader.ReadLineAsync(late.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                isAnchor = line == "event: anchor";
            if (!isAnchor || !line.StartsWith("data: ", StringComparison.Ordinal))
                continue;
            var anchor = JsonElement.Parse(line["data: ".Length..]);
            if (anchor.GetProperty("start").GetString() == start)
                return anchor;
        }

        throw new InvalidOperationException("the stream ended");
    }
}
