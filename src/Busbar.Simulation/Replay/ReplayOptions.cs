using Busbar.Domain.Quantities;

namespace Busbar.Simulation.Replay;

/// <summary>How a file is read.</summary>
public sealed record ReplayOptions
{
    /// <summary>True to stop at the first problem; false (the default) to refuse what is wrong, list it and go on.</summary>
    public bool Strict { get; init; }

    /// <summary>The most power that a value may stand for, above 0. Default 100 kW.</summary>
    public Power MaximumPower { get; init; } = Power.FromWatts(100_000);

    /// <summary>The most values (intervals x meters) held in memory. Default 20 million, 320 MB.</summary>
    public long MaximumValues { get; init; } = 20_000_000;

    /// <summary>How many problems are kept in words; all are counted. Default 10,000.</summary>
    public int ProblemsKept { get; init; } = 10_000;
}
