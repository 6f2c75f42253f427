using Busbar.Simulation.Chance;
using NodaTime;

namespace Busbar.Simulation.Sun;

/// <summary>The irradiance at a site: a clear sky, days of better and worse weather, and passing clouds, all from a seed.</summary>
internal sealed class Sky
{
    private const ulong DayWeather = 0x5D;
    private const ulong Clouds = 0xC1;
    private const int CloudMinutes = 10;
    private const double Spread = 0.17;

    private readonly Site _site;
    private readonly ulong _seed;
    private readonly double _meanClearness;

    public Sky(Site site, ulong seed)
    {
        _site = site;
        _seed = seed;
        _meanClearness = site.MeanIrradiation / ClearSkyDay(site);
    }

    /// <summary>Irradiance on the horizontal, W/m2, 0 or more.</summary>
    public double Irradiance(Instant instant)
    {
        var clear = SolarPosition.ClearSky(SolarPosition.CosineOfZenith(_site, instant));
        return clear <= 0 ? 0 : clear * Clearness(instant);
    }

    // Weather lasts: a day's clearness leans on the days around it. The clouds of ten minutes are even about 1, and less on clear days,
    // so that the mean stays the site's.
    private double Clearness(Instant instant)
    {
        var minutes = instant.ToUnixTimeSeconds() / 60;
        var day = (minutes + (long)(_site.Longitude * 4)) / 1440;
        var weather = (0.45 * DayNoise(day - 1)) + (0.77 * DayNoise(day)) + (0.45 * DayNoise(day + 1));
        var clearness = _meanClearness * Math.Clamp(1 + (Spread * weather), 0.3, 1.7);
        var slot = Math.DivRem(minutes, CloudMinutes, out var into);
        var part = into / (double)CloudMinutes;
        var cloud = ((1 - part) * CloudNoise(slot)) + (part * CloudNoise(slot + 1));
        var room = Math.Clamp(1.05 - clearness, 0.05, 0.4);
        return Math.Max(0, clearness * (1 + (room * cloud)));
    }

    private double DayNoise(long day) => SeededGenerator.For(_seed, DayWeather, day).NextNormal();

    private double CloudNoise(long slot) => SeededGenerator.For(_seed, Clouds, slot).Between(-1, 1);

    private static double ClearSkyDay(Site site)
    {
        const int stepMinutes = 20;
        var sum = 0.0;
        var start = Instant.FromUtc(2023, 1, 1, 0, 0);
        for (var step = 0; step < 365 * 1440 / stepMinutes; step++)
            sum += SolarPosition.ClearSky(SolarPosition.CosineOfZenith(site, start + Duration.FromMinutes(step * stepMinutes)));
        return sum * stepMinutes / 60 / 1000 / 365;
    }
}
