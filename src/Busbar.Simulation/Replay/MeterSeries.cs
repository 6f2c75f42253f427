using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;

namespace Busbar.Simulation.Replay;

/// <summary>
/// One meter's energies by interval. What a file writes finer than a milliwatt-hour is rounded in the running total, so that after any
/// number of intervals the register is within half a milliwatt-hour of the file.
/// </summary>
internal sealed class MeterSeries(ReplayMeter meter)
{
    private const long Missing = long.MinValue;

    private readonly List<long> _import = [];
    private readonly List<long> _export = [];
    private ExactEnergy _importTotal;
    private ExactEnergy _exportTotal;
    private long _importRegister;
    private long _exportRegister;

    public ReplayMeter Meter => meter;

    /// <summary>The number of the first interval; meaningless before there is one.</summary>
    public long First { get; private set; }

    /// <summary>From the first interval to the last, whether with a value or not.</summary>
    public int Count => _import.Count;

    /// <summary>The sum of everything taken.</summary>
    public EnergySum Total => new(_importTotal.Rounded(), _exportTotal.Rounded());

    public ExactEnergy ExactImport => _importTotal;

    public ExactEnergy ExactExport => _exportTotal;

    /// <summary>How many places a value for an interval would add.</summary>
    public long Growth(long slot) => Count == 0 ? 1 : slot - First - Count + 1;

    /// <summary>Adds an interval after all others.</summary>
    public void Add(long slot, ExactEnergy import, ExactEnergy export)
    {
        if (Count == 0)
            First = slot;
        for (var missing = slot - First - Count; missing > 0; missing--)
        {
            _import.Add(Missing);
            _export.Add(Missing);
        }

        _importTotal += import;
        _exportTotal += export;
        _import.Add(Step(_importTotal, ref _importRegister));
        _export.Add(Step(_exportTotal, ref _exportRegister));
    }

    public bool TryGet(long slot, out EnergySum energy)
    {
        energy = default;
        var place = slot - First;
        if (place < 0 || place >= Count || _import[(int)place] == Missing)
            return false;
        energy = new(Energy.FromMilliwattHours(_import[(int)place]), Energy.FromMilliwattHours(_export[(int)place]));
        return true;
    }

    private static long Step(ExactEnergy total, ref long register)
    {
        var before = register;
        register = total.RoundedMilliwattHours();
        return register - before;
    }
}
