namespace Busbar.Simulation.Replay;

/// <summary>Where in a line the map's columns stand.</summary>
internal sealed class HeaderPlaces
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    private HeaderPlaces(string[] names) => Names = names;

    /// <summary>The names of all columns.</summary>
    public IReadOnlyList<string> Names { get; }

    public int Count => Names.Count;

    public int Time { get; private set; }

    /// <summary>The home's name, in a long file.</summary>
    public int Id { get; private set; }

    /// <summary>The meters of each home, in a long file.</summary>
    public IReadOnlyList<MeterColumns> Template { get; private set; } = [];

    /// <summary>All meters with their homes, in a wide file; null in a long one.</summary>
    public IReadOnlyList<(string Home, MeterColumns Columns)>? Groups { get; private set; }

    /// <summary>How many meters one line speaks of.</summary>
    public int MetersInLine => Groups?.Count ?? Template.Count;

    public static HeaderPlaces Read(ColumnMap map, ReadOnlySpan<char> line, FieldSplitter fields)
    {
        var names = new string[fields.Count];
        for (var field = 0; field < names.Length; field++)
            names[field] = line[fields[field]].Trim().ToString();
        var header = new HeaderPlaces(names);
        for (var field = 0; field < names.Length; field++)
            if (!header._places.TryAdd(names[field], field))
                throw Missing($"{names[field]} stands twice in the header");
        header.Time = header.Place(map.TimeColumn);
        if (map.Layout is FileLayout.Long)
        {
            header.Id = header.Place(map.IdColumn);
            header.Template = [.. MeterColumns.For(map.Values!, map.Generation, header.Place)];
        }
        else
        {
            header.Groups = [.. header.Homes(map).SelectMany(home =>
                MeterColumns.For(home.Value, map.Generation, header.Place).Select(columns => (home.Key, columns)))];
        }

        return header;
    }

    private IEnumerable<KeyValuePair<string, EnergyColumns>> Homes(ColumnMap map) =>
        map.Homes ?? Names.Where(name => !string.Equals(name, map.TimeColumn, StringComparison.Ordinal))
            .Select(name => KeyValuePair.Create(name, new EnergyColumns(Import: name)));

    private int Place(string? column) => column is null ? -1
        : _places.TryGetValue(column, out var place) ? place
        : throw Missing($"{column} is not in the header");

    private static ReplayException Missing(string detail) => new(new ReplayProblem(1, Meter: null, ReplayProblemKind.MissingColumn, detail));
}
