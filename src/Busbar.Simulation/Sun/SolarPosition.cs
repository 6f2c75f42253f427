using NodaTime;

namespace Busbar.Simulation.Sun;

/// <summary>Where the sun stands, to about a quarter of a degree: enough for a simulation.</summary>
internal static class SolarPosition
{
    private const double Degree = Math.PI / 180;

    /// <summary>The cosine of the sun's angle from the zenith; 0 or less when it is down.</summary>
    /// <remarks>Declination by Cooper (1969), equation of time by Spencer (1971), both as in Duffie and Beckman, 1.5 and 1.6.</remarks>
    public static double CosineOfZenith(Site site, Instant instant)
    {
        var utc = instant.InUtc();
        var hours = utc.TimeOfDay.TickOfDay / (double)NodaConstants.TicksPerHour;
        var day = utc.DayOfYear;
        var angle = 2 * Math.PI * (day - 1) / 365;
        var equationOfTime = 229.2 * (0.000075 + (0.001868 * Math.Cos(angle)) - (0.032077 * Math.Sin(angle))
            - (0.014615 * Math.Cos(2 * angle)) - (0.04089 * Math.Sin(2 * angle)));
        var solarHours = hours + (site.Longitude / 15) + (equationOfTime / 60);
        var declination = 23.45 * Degree * Math.Sin(2 * Math.PI * (284 + day) / 365);
        var hourAngle = (solarHours - 12) * 15 * Degree;
        var latitude = site.Latitude * Degree;
        return (Math.Sin(latitude) * Math.Sin(declination)) + (Math.Cos(latitude) * Math.Cos(declination) * Math.Cos(hourAngle));
    }

    /// <summary>Irradiance of a clear sky on the horizontal, W/m2 (Haurwitz, 1945).</summary>
    public static double ClearSky(double cosineOfZenith) =>
        cosineOfZenith <= 0 ? 0 : 1098 * cosineOfZenith * Math.Exp(-0.057 / cosineOfZenith);
}
