using Busbar.Domain.Metering;

namespace Busbar.Simulation.Replay;

/// <summary>The places of the columns that make one meter's energies; -1 where there is none.</summary>
/// <param name="Suffix">What is put behind a home's name.</param>
/// <param name="Kind">The meter's kind.</param>
/// <param name="Import">Energy taken in.</param>
/// <param name="Export">Energy given out.</param>
/// <param name="Load">Energy used.</param>
/// <param name="Generation">Energy generated behind the meter.</param>
internal readonly record struct MeterColumns(string Suffix, MeterKind Kind, int Import, int Export, int Load, int Generation)
{
    /// <summary>The meters of one home: its own, and its plant's where generation is metered apart.</summary>
    public static IEnumerable<MeterColumns> For(EnergyColumns columns, GenerationMetering metering, Func<string?, int> place)
    {
        var load = place(columns.Load);
        var generation = place(columns.Generation);
        if (generation < 0 || metering is GenerationMetering.Net)
        {
            yield return new("", MeterKind.Premises, place(columns.Import), place(columns.Export), load, generation);
            yield break;
        }

        yield return new("", MeterKind.Premises, load, Export: -1, Load: -1, Generation: -1);
        yield return new(" PV", MeterKind.Plant, Import: -1, generation, Load: -1, Generation: -1);
    }

    /// <summary>Import and export of the four values: what a connection sees of load and generation is their difference.</summary>
    public (ExactEnergy Import, ExactEnergy Export) Combine(ExactEnergy import, ExactEnergy export, ExactEnergy load, ExactEnergy generation)
    {
        if (Load < 0)
            return (import, export);
        var net = load - generation;
        return net.Parts >= 0 ? (net, default) : (default, default(ExactEnergy) - net);
    }
}
