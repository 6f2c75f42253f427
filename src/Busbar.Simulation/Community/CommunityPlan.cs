using Busbar.Domain.Metering;
using Busbar.Simulation.Chance;
using Busbar.Simulation.Sun;

namespace Busbar.Simulation.Community;

/// <summary>A community to simulate: its houses, common loads, storage and meters. Immutable; follows from its seed.</summary>
public sealed class CommunityPlan
{
    /// <summary>The name of the lift's meter.</summary>
    public const string Lift = "Lift";

    /// <summary>The name of the water pump's meter.</summary>
    public const string WaterPump = "Water pump";

    /// <summary>The name of the shared battery's meter, where there is one.</summary>
    public const string SharedBattery = "Shared battery";

    /// <summary>The name of the meter between the bus and the network above.</summary>
    public const string Transformer = "Transformer";

    /// <summary>Puts a community of one bus together, with a lift and a water pump.</summary>
    /// <param name="seed">What its weather, habits and keys follow from.</param>
    /// <param name="site">Where it lies.</param>
    /// <param name="houses">Its houses, 1 or more, of different names.</param>
    /// <param name="sharedBatteries">Batteries on the bus with a meter of their own, 0 or more.</param>
    /// <exception cref="ArgumentException">There is no house, or two bear one name.</exception>
    public CommunityPlan(ulong seed, Site site, IReadOnlyList<PlannedHouse> houses, int sharedBatteries = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sharedBatteries);
        Seed = seed;
        Site = site;
        Houses = [.. houses];
        SharedBatteries = sharedBatteries;
        Meters =
        [
            .. houses.Select(house => new PlannedMeter(seed, house.Name, MeterKind.Premises, household: true)),
            new PlannedMeter(seed, Lift, MeterKind.Premises, household: false),
            new PlannedMeter(seed, WaterPump, MeterKind.Premises, household: false),
            .. sharedBatteries > 0 ? [new PlannedMeter(seed, SharedBattery, MeterKind.Storage, household: false)] : Array.Empty<PlannedMeter>(),
            new PlannedMeter(seed, Transformer, MeterKind.Transformer, household: false),
        ];
        if (Houses.Count == 0 || Meters.DistinctBy(meter => meter.Name, StringComparer.Ordinal).Count() != Meters.Count)
            throw new ArgumentException("a community has at least one house, and each has a name of its own", nameof(houses));
    }

    /// <summary>What weather, habits and keys follow from.</summary>
    public ulong Seed { get; }

    /// <summary>Where it lies.</summary>
    public Site Site { get; }

    /// <summary>The houses.</summary>
    public IReadOnlyList<PlannedHouse> Houses { get; }

    /// <summary>Batteries on the bus that belong to no house.</summary>
    public int SharedBatteries { get; }

    /// <summary>The bus's voltage, V, direct current.</summary>
    public double BusVoltage => 48;

    /// <summary>All meters: the houses in their order, the lift, the water pump, the shared battery where there is one, the transformer last.</summary>
    public IReadOnlyList<PlannedMeter> Meters { get; }

    /// <summary>
    /// The published design of ten mountain houses on one 48 V bus: loads of 1.28 to 2.00 kWh a day, 2 or 3 panels, 4 or 8 batteries.
    /// </summary>
    /// <param name="seed">What its weather, habits and keys follow from.</param>
    /// <param name="sharedBattery">True to put all batteries on the bus instead of in the houses.</param>
    public static CommunityPlan TenHouses(ulong seed, bool sharedBattery = false)
    {
        var houses = new PlannedHouse[10];
        for (var house = 0; house < houses.Length; house++)
        {
            var chance = SeededGenerator.For(seed, what: 0x41, house);
            houses[house] = new PlannedHouse(
                $"House {house + 1}",
                WattHoursPerDay: 1280 + (80 * house),
                Panels: house < 5 ? 2 : 3,
                Batteries: house < 2 ? 4 : 8,
                LineOhms: chance.Between(0.02, 0.08));
        }

        if (!sharedBattery)
            return new CommunityPlan(seed, Site.MountainVillage, houses);
        var shared = houses.Sum(house => house.Batteries);
        return new CommunityPlan(seed, Site.MountainVillage, [.. houses.Select(house => house with { Batteries = 0 })], shared);
    }

    /// <summary>The ten houses with a store on the bus besides: what one has too much of at noon, another can have in the evening.</summary>
    /// <param name="seed">What its weather, habits and keys follow from.</param>
    public static CommunityPlan TradingHouses(ulong seed) => new(seed, Site.MountainVillage, TenHouses(seed).Houses, sharedBatteries: 20);
}
