using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Domain.Metering;
using Busbar.Ledger.Contracts;
using Busbar.Node.Tests.Api;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Billing;

/// <summary>Somebody moves out and somebody else in: one reading ends the one account and begins the other.</summary>
public sealed class MovingTests
{
    private const byte Prosumer = 3;

    private static readonly PremisesId Next = new(Keccak256.Hash("premises of who moves in"u8));

    [EngineFact]
    public async Task Move_ClosesForWhoLeaves_OpensForWhoComes_AtTheSameReading()
    {
        using var leaver = PrivateKey.FromSeed("who leaves"u8);
        using var comer = PrivateKey.FromSeed("who comes"u8);
        var meters = new[] { new TestMeter("house 1") { Holder = leaver }, new TestMeter("house 2") { Holder = PrivateKey.FromSeed("who stays"u8) } };
        await using var community = new TestCommunity(meters) { IsOpen = false };
        await community.OpenAsync(0);
        await BilledVillage.PublishAsync(community, BilledVillage.Yaml);
        await community.RunAsync(0, 8);
        var former = community.Keys.PremisesOf(community.Meters[0].Id);
        var (contracts, regulator) = (community.Node.Contracts, community.Keys.Regulator);

        // In the middle of an interval.
        await BilledVillage.SendAsync(
            community, regulator, contracts.Members, Members.EncodeAdmitMany([new(comer.Address, Prosumer, Next.Value)]));
        await BilledVillage.SendAsync(
            community, regulator, contracts.Meters, Meters.EncodeMove(community.Meters[0].Id.Key, TestCommunity.Grid.Number, Next.Value, comer.Address));
        await community.RunAsync(9, 16);
        await community.Node.SettledAsync();
        await community.Node.FollowedAsync(default);

        var billing = community.Node.Parts.Ledger!.Money.Billing;
        var (old, young) = (billing.Find(former)!, billing.Find(Next)!);
        Assert.True(old.HasEnded);
        var last = Assert.Single(old.Bills)[0];
        Assert.Equal(TestCommunity.At(9), last.Closing!.Instant);
        Assert.Equal((last.Closing.Instant, last.Closing.Registers), (young.Latest.Instant, young.Latest.Registers));
        Assert.Equal(community.Meters[0].RegistersAt(9), young.Latest.Registers);
        Assert.Empty(young.Bills);
        Assert.Empty((await community.Node.BooksAsync(default))!.Faults);

        using var leaving = (await TestSession.BeginAsync(community, "leaver", leaver.Address)).Client(community);
        using var coming = (await TestSession.BeginAsync(community, "comer", comer.Address)).Client(community);
        using var clerk = (await TestSession.BeginAsync(community, "clerk", null, Role.Operator)).Client(community);
        var bill = Assert.Single((await BilledVillage.TakeAsync(leaving, $"bills?premises={former}")).GetProperty("items").EnumerateArray());
        Assert.Equal("open", bill.GetProperty("state").GetString());
        Assert.Equal((404, "NotFound"), await Village.RefusalAsync(coming, $"bills?premises={former}"));
        Assert.Equal((404, "NotFound"), await Village.RefusalAsync(leaving, $"account?premises={Next}"));
        Assert.True((await BilledVillage.TakeAsync(coming, $"account?premises={Next}")).GetProperty("permitted").GetBoolean());
        Assert.Equal("house 1", Assert.Single(Names(await BilledVillage.TakeAsync(coming, "houses"))));
        Assert.Empty(Names(await BilledVillage.TakeAsync(leaving, "houses")));
        var owing = Assert.Single((await BilledVillage.TakeAsync(clerk, "arrears")).GetProperty("items").EnumerateArray());
        Assert.Equal("house 1 (→ 2026-06-21)", owing.GetProperty("name").GetString());
    }

    private static IEnumerable<string> Names(JsonElement houses) => houses.EnumerateArray().Select(house => house.GetProperty("name").GetString()!);
}
