using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;

namespace Busbar.Simulation.Replay;

/// <summary>
/// A column map as JSON: an object with the properties of <see cref="ColumnMap"/> in camel case. Unknown names are refused, comments
/// and a comma at the end are not.
/// </summary>
public static class ColumnMapJson
{
    /// <summary>The name of the map for one column a home and quarter hours, in kWh stamped at the start.</summary>
    public const string WideQuarterHour = "wide-quarter-hour";

    /// <summary>The name of the map for one line an hour and home with load and PV, in kWh stamped at the start.</summary>
    public const string LongHourlyLoadPv = "long-hourly-load-pv";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 8,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The names of the maps that come with the program.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = [WideQuarterHour, LongHourlyLoadPv];

    /// <summary>Reads a map from a file, or one of <see cref="BuiltIn"/> by its name.</summary>
    /// <exception cref="ReplayException">There is no such file, or it is not a valid map.</exception>
    public static ColumnMap Load(string pathOrName)
    {
        try
        {
            return Parse(BuiltIn.Contains(pathOrName, StringComparer.Ordinal) ? ReadBuiltIn(pathOrName) : File.ReadAllText(pathOrName));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Bad($"{pathOrName} cannot be read, and is none of {string.Join(", ", BuiltIn)}", failure);
        }
    }

    /// <summary>Reads a map from JSON.</summary>
    /// <exception cref="ReplayException">It is not a valid map.</exception>
    public static ColumnMap Parse(string json)
    {
        try
        {
            var map = JsonSerializer.Deserialize<ColumnMap>(json, Json) ?? throw Bad("null is no map");
            Check(map);
            return map;
        }
        catch (JsonException failure)
        {
            throw Bad(failure.Message, failure);
        }
    }

    private static void Check(ColumnMap map)
    {
        if (map.IntervalMinutes is not (1 or 5 or 15 or 30 or 60))
            throw Bad($"intervalMinutes is {map.IntervalMinutes}; it may be 1, 5, 15, 30 or 60");
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(map.Zone) is null)
            throw Bad($"zone {map.Zone} is not known; it is an IANA name such as Europe/Zurich");
        if (map.Layout is FileLayout.Long && (map.IdColumn is null || map.Values is null || map.Homes is not null))
            throw Bad("a long file needs idColumn and values, and has no homes");
        if (map.Layout is FileLayout.Wide && (map.IdColumn is not null || map.Values is not null))
            throw Bad("a wide file has homes, not idColumn or values");
        if (map.Separator == map.DecimalMark)
            throw Bad("separator and decimalMark are the same");
        foreach (var columns in map.Homes?.Values ?? (map.Values is null ? [] : [map.Values]))
            Check(columns);
    }

    private static void Check(EnergyColumns columns)
    {
        var metered = columns.Import is not null || columns.Export is not null;
        if (metered == columns.Load is not null || (columns.Generation is not null && columns.Load is null))
            throw Bad("a home has import and export (one or both), or load and perhaps generation");
    }

    private static string ReadBuiltIn(string name)
    {
        using var stream = typeof(ColumnMapJson).Assembly.GetManifestResourceStream($"{name}.json")
            ?? throw new InvalidOperationException($"{name} is not in the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static ReplayException Bad(string detail, Exception? cause = null) =>
        new(new ReplayProblem(0, Meter: null, ReplayProblemKind.BadMap, detail), cause);
}
