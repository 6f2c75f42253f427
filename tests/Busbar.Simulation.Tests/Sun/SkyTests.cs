using Busbar.Simulation.Sun;
using NodaTime;

namespace Busbar.Simulation.Tests.Sun;

public class SkyTests
{
    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Irradiance_OverAYear_MeansTheSitesIrradiation(ulong seed)
    {
        var days = DailySums(new Sky(Site.MountainVillage, seed), Instant.FromUtc(2025, 1, 1, 0, 0), 365);

        Assert.InRange(days.Average(), 4.63 * 0.96, 4.63 * 1.04);
        Assert.InRange(days.Min(), 0.2, 3.0);
        Assert.InRange(days.Max(), 6.5, 10.0);
    }

    [Fact]
    public void Irradiance_AtMidnightOfTheSite_IsZero() =>
        Assert.Equal(0, new Sky(Site.MountainVillage, 1).Irradiance(Instant.FromUtc(2025, 6, 21, 19, 3)));

    [Fact]
    public void CosineOfZenith_SolsticeNoon_IsLatitudeLessDeclination()
    {
        // 74.2 E is 4 h 56.8 min before UTC; the equation of time on 21 June is about -1.7 min.
        var noon = Instant.FromUtc(2025, 6, 21, 7, 5);

        Assert.Equal(Math.Cos((34.8 - 23.45) * Math.PI / 180), SolarPosition.CosineOfZenith(Site.MountainVillage, noon), 3);
    }

    private static List<double> DailySums(Sky sky, Instant start, int days) =>
        [.. Enumerable.Range(0, days).Select(day => Enumerable.Range(0, 144)
            .Sum(slot => sky.Irradiance(start + Duration.FromMinutes((day * 1440) + (slot * 10)))) / 6 / 1000)];
}
