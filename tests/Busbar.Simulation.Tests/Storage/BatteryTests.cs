using Busbar.Simulation.Chance;
using Busbar.Simulation.Storage;

namespace Busbar.Simulation.Tests.Storage;

public class BatteryTests
{
    [Fact]
    public void Discharge_Full_GivesTheUsablePartLessItsLoss()
    {
        var battery = new Battery(4, stateOfCharge: 1);

        var given = default(FineEnergy);
        for (var hour = 0; hour < 10; hour++)
            given += battery.Discharge(FineEnergy.FromWattHours(1000), 3600);

        Assert.Equal(4 * 800 * 0.92, given.WattHours, 3);
        Assert.Equal(0.2, battery.StateOfCharge, 6);
    }

    [Fact]
    public void Charge_BeyondItsRate_TakesAFifthOfItsCapacityAnHour() =>
        Assert.Equal(800, new Battery(4, 0.2).Charge(FineEnergy.FromWattHours(5000), 3600).WattHours, 6);

    [Fact]
    public void ChargeAndDischarge_AtRandom_ConserveToTheMicrowattHour()
    {
        var chance = new SeededGenerator(1);
        var battery = new Battery(4, 0.5);
        var begun = battery.Stored;
        for (var step = 0; step < 20_000; step++)
        {
            var energy = new FineEnergy((long)chance.Between(0, 50_000_000));
            var moved = step % 3 == 0 ? battery.Charge(energy, 60) : battery.Discharge(energy, 60);

            Assert.InRange(moved.MicrowattHours, 0, energy.MicrowattHours);
            Assert.Equal(battery.In + begun, battery.Out + battery.Lost + battery.Stored);
            Assert.InRange(battery.StateOfCharge, 0.2, 1);
        }

        Assert.True(battery.Lost.MicrowattHours > 0);
    }
}
