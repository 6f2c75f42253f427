using Busbar.Domain.Metering;

namespace Busbar.Simulation.Replay;

/// <summary>The meters that share their lines: all of a wide file, those of one home in a long one.</summary>
internal sealed class MeterGroup
{
    public MeterGroup(IntervalLength length, TimeStamp stamp, IReadOnlyList<(string Home, MeterColumns Columns)> meters)
    {
        Order = new LineOrder(length, stamp);
        Meters = [.. meters.Select(meter => (meter.Columns, Series(meter.Home, meter.Columns)))];
    }

    public MeterGroup(IntervalLength length, TimeStamp stamp, string home, IReadOnlyList<MeterColumns> template)
        : this(length, stamp, [.. template.Select(columns => (home, columns))]) => Name = home;

    /// <summary>The home's name in a long file; null in a wide one.</summary>
    public string? Name { get; }

    public LineOrder Order { get; }

    public IReadOnlyList<(MeterColumns Columns, MeterSeries Series)> Meters { get; }

    private static MeterSeries Series(string home, MeterColumns columns) => new(new ReplayMeter(home + columns.Suffix, columns.Kind));
}
