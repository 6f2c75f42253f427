using System.Globalization;
using System.Text.Json;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Cli.Trade;

/// <summary>Quantities as a person in front of a terminal reads them; exact.</summary>
internal static class Figures
{
    private static readonly Energy Kilowatthour = Domain.Quantities.Energy.FromMilliwattHours(1_000_000);

    /// <summary>Below a kilowatt-hour in watt-hours.</summary>
    public static string Energy(Energy energy) =>
        energy >= Kilowatthour ? energy.ToString()
        : (energy.MilliwattHours / 1_000m).ToString("0.###", CultureInfo.InvariantCulture) + " Wh";

    public static string Coins(Coin coins) => $"{coins} coins";

    public static string Price(Coin price) => $"{price} coins a kWh";

    /// <summary>From now until then, in two units at most; over when it is past.</summary>
    public static string Left(Instant now, Instant then)
    {
        var seconds = (long)(then - now).TotalSeconds;
        return seconds <= 0 ? "over" : Span(seconds);
    }

    /// <summary>A time in two units at most.</summary>
    public static string Span(long seconds)
    {
        var (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
        return days > 0 ? $"{days} d {hours} h"
            : hours > 0 ? $"{hours} h {minutes} min"
            : minutes > 0 ? $"{minutes} min {seconds % 60} s"
            : $"{seconds} s";
    }

    /// <summary>Hundredths of a per cent.</summary>
    public static string Share(int share) => (share / 100m).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>A tax, slab by slab.</summary>
    public static IEnumerable<(string Name, string Value)> Slabs(JsonElement quote) => quote.List("tax").Select(slab => (
        $"tax of {Share(slab.GetProperty("share").GetInt32())} on {Energy(slab.Energy("energyMwh"))}", Coins(slab.Coins("taxWei"))));
}
