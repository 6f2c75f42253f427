namespace Busbar.Simulation.Sun;

/// <summary>A place under the sun.</summary>
/// <param name="Latitude">Degrees, north positive, -66 to 66.</param>
/// <param name="Longitude">Degrees, east positive.</param>
/// <param name="MeanIrradiation">Mean irradiation of a year, kWh/m2 a day, on the horizontal.</param>
/// <param name="Zone">The IANA name of its civil time, which people's habits follow.</param>
public sealed record Site(double Latitude, double Longitude, double MeanIrradiation, string Zone)
{
    /// <summary>The mountain village of the published design: 34.8 N, 74.2 E, 4.63 kWh/m2 a day.</summary>
    public static Site MountainVillage { get; } = new(34.8, 74.2, 4.63, "Asia/Karachi");
}
