using System.Globalization;
using Busbar.Domain.Metering;

namespace Busbar.Simulation.Replay;

/// <summary>Reads one file line by line: places each line in time, takes or refuses each value, tells every problem by its line.</summary>
internal sealed class ReplayReader
{
    private readonly ColumnMap _map;
    private readonly ReplayOptions _options;
    private readonly LineReader _lines;
    private readonly FieldSplitter _fields;
    private readonly TimeReader _times;
    private readonly ProblemList _problems;
    private readonly IntervalLength _length;
    private readonly ExactEnergy _limit;
    private readonly Dictionary<string, MeterGroup> _groups = new(StringComparer.Ordinal);
    private readonly List<MeterGroup> _order = [];
    private HeaderPlaces _header = null!;
    private long _values;
    private long _accepted;

    public ReplayReader(ColumnMap map, ReplayOptions options, LineReader lines)
    {
        _map = map;
        _options = options;
        _lines = lines;
        _fields = new FieldSplitter(map.Separator);
        _times = new TimeReader(map);
        _problems = new ProblemList(options);
        _length = IntervalLength.FromMinutes(map.IntervalMinutes);
        _limit = ExactEnergy.Of(options.MaximumPower.OverCeiling(_length.Duration));
    }

    public ReplayFile Read()
    {
        if (!_lines.TryRead(out var first))
            throw Stop(ReplayProblemKind.NoReadings, "the file is empty");
        _fields.Split(first);
        _header = HeaderPlaces.Read(_map, first, _fields);
        if (_header.Groups is { } fixedGroup)
            _order.Add(new MeterGroup(_length, _map.Stamp, fixedGroup));
        while (_lines.TryRead(out var line))
            if (!line.IsWhiteSpace())
                ReadLine(line);
        CheckSteps(leastSteps: 2);
        if (_accepted == 0)
            throw _problems.First is { } cause ? new ReplayException(cause) : Stop(ReplayProblemKind.NoReadings, "no line after the header");
        return Finish();
    }

    private void ReadLine(ReadOnlySpan<char> line)
    {
        _fields.Split(line);
        if (_fields.Count != _header.Count)
        {
            Refuse(ReplayProblemKind.WrongColumnCount, $"{_fields.Count} columns, the header has {_header.Count}");
            return;
        }

        if (GroupOf(line) is not { } group)
        {
            Refuse(ReplayProblemKind.MissingValue, $"{_map.IdColumn} is empty");
            return;
        }

        var text = line[_fields[_header.Time]];
        var fault = _times.Read(text, out var earlier, out var later);
        var slot = 0L;
        if (fault is ReplayProblemKind.None)
            fault = group.Order.Place(earlier, later, out slot);
        if (fault is not ReplayProblemKind.None)
        {
            RefuseLine(line, group, fault, text);
            return;
        }

        if (group.Order.Advance(slot) is > 0 and var gap)
            _problems.Add(new(_lines.Line, group.Name, ReplayProblemKind.Gap, $"{gap} intervals without a line before {text}"));
        for (var meter = 0; meter < group.Meters.Count; meter++)
            Take(line, group, meter, slot);
    }

    private MeterGroup? GroupOf(ReadOnlySpan<char> line)
    {
        if (_header.Groups is not null)
            return _order[0];
        var id = line[_fields[_header.Id]].Trim();
        if (id.IsEmpty)
            return null;
        if (_groups.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var group))
            return group;
        group = new MeterGroup(_length, _map.Stamp, id.ToString(), _header.Template);
        _groups.Add(group.Name!, group);
        _order.Add(group);
        return group;
    }

    private void Take(ReadOnlySpan<char> line, MeterGroup group, int meter, long slot)
    {
        var (columns, series) = group.Meters[meter];
        var fault = ReadMeter(line, columns, out var import, out var export, out var column);
        if (fault is not ReplayProblemKind.None)
        {
            var detail = $"{_header.Names[column]} is '{Shorten(line[_fields[column]])}'";
            _problems.Refuse(new(_lines.Line, series.Meter.Name, fault, detail), import, export, values: 1);
            return;
        }

        _values += series.Growth(slot);
        if (_values > _options.MaximumValues)
            throw Stop(ReplayProblemKind.TooLarge, $"more than {_options.MaximumValues} values, those missing in gaps among them");
        series.Add(slot, import, export);
        _accepted++;
    }

    // The first fault of the meter's columns; the energy as far as it is a number, for the sum of what was refused.
    private ReplayProblemKind ReadMeter(
        ReadOnlySpan<char> line, MeterColumns columns, out ExactEnergy import, out ExactEnergy export, out int column)
    {
        var fault = ReplayProblemKind.None;
        column = 0;
        var first = Value(line, columns.Import, ref fault, ref column);
        var second = Value(line, columns.Export, ref fault, ref column);
        var load = Value(line, columns.Load, ref fault, ref column);
        var generation = Value(line, columns.Generation, ref fault, ref column);
        (import, export) = columns.Combine(first, second, load, generation);
        return fault;
    }

    private ExactEnergy Value(ReadOnlySpan<char> line, int place, ref ReplayProblemKind fault, ref int column)
    {
        if (place < 0)
            return default;
        var found = ExactEnergy.Parse(line[_fields[place]], _map.Unit, _map.DecimalMark, out var energy);
        if (found is ReplayProblemKind.None)
            found = energy.Parts < 0 ? ReplayProblemKind.Negative : energy.Parts > _limit.Parts ? ReplayProblemKind.Absurd : found;
        if (found is ReplayProblemKind.None || fault is not ReplayProblemKind.None)
            return energy;
        fault = found;
        column = place;
        return energy;
    }

    private void RefuseLine(ReadOnlySpan<char> line, MeterGroup group, ReplayProblemKind kind, ReadOnlySpan<char> time)
    {
        var import = default(ExactEnergy);
        var export = default(ExactEnergy);
        foreach (var (columns, _) in group.Meters)
        {
            ReadMeter(line, columns, out var oneImport, out var oneExport, out _);
            import += oneImport;
            export += oneExport;
        }

        _problems.Refuse(new(_lines.Line, group.Name, kind, Describe(kind, time)), import, export, group.Meters.Count);
        if (kind is ReplayProblemKind.MisalignedTime)
            CheckSteps(LineOrder.StepsLookedAt);
    }

    private string Describe(ReplayProblemKind kind, ReadOnlySpan<char> time) => kind switch
    {
        ReplayProblemKind.BadTime => $"'{Shorten(time)}' is no time of the format {_map.TimeFormat}",
        ReplayProblemKind.NonexistentTime => $"{time} does not exist in {_map.Zone}: clocks were put forward",
        ReplayProblemKind.MisalignedTime => $"{time} is no boundary of {_length} intervals in UTC",
        ReplayProblemKind.Repeat => $"{time} a second time",
        _ => $"{time} after a later line",
    };

    // A map of the wrong interval would refuse most lines and take the others for longer than they are; one sparse home is no sign of it.
    private void CheckSteps(int leastSteps)
    {
        var usual = _order.Select(group => group.Order.UsualStep(leastSteps)).OfType<long>().ToList();
        if (usual.Count > 0 && usual.TrueForAll(step => step != _length.Seconds))
            throw Stop(ReplayProblemKind.IntervalMismatch, $"lines are {usual[0] / 60.0:0.##} min apart, the map says {_map.IntervalMinutes} min");
    }

    private void Refuse(ReplayProblemKind kind, string detail) =>
        _problems.Refuse(new(_lines.Line, Meter: null, kind, detail), default, default, values: _header.MetersInLine);

    private ReplayException Stop(ReplayProblemKind kind, string detail) => new(new ReplayProblem(0, Meter: null, kind, detail));

    private ReplayFile Finish()
    {
        MeterSeries[] series = [.. _order.SelectMany(group => group.Meters).Select(meter => meter.Series)];
        var import = default(ExactEnergy);
        var export = default(ExactEnergy);
        foreach (var one in series)
        {
            import += one.ExactImport;
            export += one.ExactExport;
        }

        var accepted = new EnergySum(import.Rounded(), export.Rounded());
        return new(_length, series, _problems.Kept, _problems.Count, new(accepted, _problems.Refused, _accepted, _problems.RefusedValues));
    }

    private static string Shorten(ReadOnlySpan<char> text) =>
        text.Length <= 40 ? text.ToString() : string.Create(CultureInfo.InvariantCulture, $"{text[..40]}…");
}
