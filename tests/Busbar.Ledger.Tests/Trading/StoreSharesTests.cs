using Busbar.Domain.Quantities;
using Busbar.Ledger.Trading;

namespace Busbar.Ledger.Tests.Trading;

public sealed class StoreSharesTests
{
    private const long Plenty = long.MaxValue / 4;

    [Fact]
    public void Share_StoreTookMoreThanTheyGave_AllOfItToEach() =>
        Assert.Equal([2_000, 3_000], Share(intake: 9_000, room: Plenty, (2_000, Plenty), (3_000, Plenty)));

    [Fact]
    public void Share_StoreTookLess_InProportionRoundedDown() =>
        Assert.Equal([3_333, 6_666], Share(intake: 10_000, room: Plenty, (10_000, Plenty), (20_000, Plenty)));

    /// <summary>900 of 1,000 are credited: with room for 1,800, no more than 2,000 go in.</summary>
    [Fact]
    public void Share_SellerHasLittleRoom_NoMoreThanFits() =>
        Assert.Equal([2_000, 5_000], Share(intake: 20_000, room: Plenty, (5_000, 1_800), (5_000, Plenty)));

    [Fact]
    public void Share_StoreHasLittleRoom_AllGiveWayInProportion() =>
        Assert.Equal([2_000, 4_000], Share(intake: 20_000, room: 5_400, (5_000, Plenty), (10_000, Plenty)));

    [Fact]
    public void Share_BelowAWattHour_IsNoTurn() => Assert.Equal([0, 5_000], Share(intake: 20_000, room: Plenty, (999, Plenty), (5_000, Plenty)));

    [Fact]
    public void Share_NothingTakenIn_Nothing() => Assert.Equal([0], Share(intake: 0, room: Plenty, (5_000, Plenty)));

    [Fact]
    public void Share_Random_NeverAboveIntakeRoomOrExport()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var (intake, room) = (random.NextInt64(0, 1_000_000), random.NextInt64(0, 1_000_000));
            var claims = Enumerable.Range(0, random.Next(0, 12)).Select(_ => (random.NextInt64(0, 400_000), random.NextInt64(0, 400_000))).ToArray();
            var shares = Share(intake, room, claims);
            Assert.True(shares.Sum() <= intake);
            Assert.True(shares.Sum(share => share * 9_000 / 10_000) <= room);
            Assert.All(shares.Zip(claims), pair => Assert.True(pair.First <= pair.Second.Item1 && pair.First * 9_000 / 10_000 <= pair.Second.Item2));
        }
    }

    private static long[] Share(long intake, long room, params (long Exported, long Room)[] claims) =>
    [
        .. StoreShares.Share(
            Energy.FromMilliwattHours(intake),
            Energy.FromMilliwattHours(room),
            lossShare: 1_000,
            [.. claims.Select(claim => new StoreClaim(Energy.FromMilliwattHours(claim.Exported), Energy.FromMilliwattHours(claim.Room)))])
            .Select(share => share.MilliwattHours),
    ];
}
