using Busbar.Domain.Metering;
using Busbar.Simulation.Community;
using Busbar.Simulation.Sun;

namespace Busbar.Simulation.Tests.Community;

public class CommunityPlanTests
{
    [Fact]
    public void TenHouses_AsPublished()
    {
        var plan = CommunityPlan.TenHouses(1);

        Assert.Equal(10, plan.Houses.Count);
        Assert.Equal(1280, plan.Houses.Min(house => house.WattHoursPerDay));
        Assert.Equal(2000, plan.Houses.Max(house => house.WattHoursPerDay));
        Assert.All(plan.Houses, house => Assert.True(house.Panels is 2 or 3 && house.Batteries is 4 or 8));
        Assert.Equal("House 1, House 2", string.Join(", ", plan.Meters.Take(2).Select(meter => meter.Name)));
        Assert.Equal("House 10, Lift, Water pump, Transformer", string.Join(", ", plan.Meters.Skip(9).Select(meter => meter.Name)));
        Assert.Equal(MeterKind.Transformer, plan.Meters[^1].Kind);
        Assert.Equal(10, plan.Meters.Count(meter => meter.IsHousehold));
    }

    [Fact]
    public void TenHouses_SharedBattery_HasAStorageMeter()
    {
        var plan = CommunityPlan.TenHouses(1, sharedBattery: true);

        Assert.Equal(MeterKind.Storage, plan.Meters[^2].Kind);
        Assert.Equal(72, plan.SharedBatteries);
        Assert.All(plan.Houses, house => Assert.Equal(0, house.Batteries));
    }

    [Fact]
    public void Meters_SameSeed_SameKeys_OtherSeed_OtherKeys()
    {
        var one = CommunityPlan.TenHouses(1).Meters.Select(meter => meter.Id).ToList();

        Assert.Equal(one, CommunityPlan.TenHouses(1).Meters.Select(meter => meter.Id));
        Assert.Empty(one.Intersect(CommunityPlan.TenHouses(2).Meters.Select(meter => meter.Id)));
        Assert.Equal(one.Count, one.Distinct().Count());
        using var key = CommunityPlan.TenHouses(1).Meters[0].CreateKey();
        Assert.Equal(one[0].Key, key.Address);
    }

    [Fact]
    public void New_TwoHousesOfOneName_Throws() => Assert.Throws<ArgumentException>(() =>
        new CommunityPlan(1, Site.MountainVillage, [new PlannedHouse("A", 1000, 1, 1, 0.05), new PlannedHouse("A", 1000, 1, 1, 0.05)]));
}
