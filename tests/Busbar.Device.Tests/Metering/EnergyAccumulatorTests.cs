using Busbar.Device.Metering;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Busbar.Device.Tests.Metering;

public class EnergyAccumulatorTests
{
    [Fact]
    public void Add_AWattForAnHourInSeconds_IsAThousandMilliwattHours()
    {
        var energy = new EnergyAccumulator();
        for (var second = 0; second < 3600; second++)
            energy.Add(Power.FromWatts(1), Duration.FromSeconds(1));

        Assert.Equal(1000, energy.Registers.Import.MilliwattHours);
        Assert.Equal(0, energy.Registers.Export.MilliwattHours);
    }

    [Fact]
    public void Add_TenYearsOfASmallPower_NoRoundingAddsUp()
    {
        // 0.01 W is 0.0028 mWh a second, and a register of terawatt-hours would swallow it whole in floating point.
        var start = new Registers(MeterRegister.FromMilliwattHours(5_000_000_000_000_000), MeterRegister.Zero);
        var energy = new EnergyAccumulator(start);
        for (var second = 0; second < 3_600_000; second++)
            energy.Add(Power.FromWatts(0.01), Duration.FromSeconds(1));

        Assert.Equal(10_000, (energy.Registers.Import - start.Import).MilliwattHours);
    }

    [Fact]
    public void Add_NegativePower_CountsAsExport()
    {
        var energy = new EnergyAccumulator();
        energy.Add(Power.FromWatts(-500), Duration.FromMinutes(6));

        Assert.Equal(50_000, energy.Registers.Export.MilliwattHours);
        Assert.Equal(0, energy.Registers.Import.MilliwattHours);
    }

    [Fact]
    public void Add_NegativeTime_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new EnergyAccumulator().Add(Power.FromWatts(1), Duration.FromSeconds(-1)));

    [Fact]
    public void Registers_AnyPowersAndTimes_NeverGoBackAndStayWithinHalfAMilliwattHour() =>
        Prop.ForAll<(int Milliwatts, ushort Seconds)[]>(samples =>
        {
            var energy = new EnergyAccumulator();
            var before = energy.Registers;
            var import = 0m;
            foreach (var (milliwatts, seconds) in samples)
            {
                energy.Add(Power.FromWatts(milliwatts / 1000.0), Duration.FromSeconds(seconds));
                import += milliwatts > 0 ? milliwatts * (decimal)seconds / 3600 : 0;
                if (!energy.Registers.NotBelow(before) || Math.Abs(energy.Registers.Import.MilliwattHours - import) > 0.501m)
                    return false;
                before = energy.Registers;
            }

            return true;
        }).QuickCheckThrowOnFailure();
}
