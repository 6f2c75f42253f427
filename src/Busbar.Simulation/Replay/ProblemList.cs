using Busbar.Domain.Metering;

namespace Busbar.Simulation.Replay;

/// <summary>The problems of a file: counted all, kept in words up to a number, thrown when reading strictly.</summary>
internal sealed class ProblemList(ReplayOptions options)
{
    private readonly List<ReplayProblem> _kept = [];
    private ExactEnergy _import;
    private ExactEnergy _export;

    public IReadOnlyList<ReplayProblem> Kept => _kept;

    public long Count { get; private set; }

    public long RefusedValues { get; private set; }

    /// <summary>The first that refused something.</summary>
    public ReplayProblem? First { get; private set; }

    public EnergySum Refused => new(_import.Rounded(), _export.Rounded());

    public void Add(ReplayProblem problem)
    {
        if (options.Strict)
            throw new ReplayException(problem);
        Count++;
        if (_kept.Count < options.ProblemsKept)
            _kept.Add(problem);
    }

    public void Refuse(ReplayProblem problem, ExactEnergy import, ExactEnergy export, int values)
    {
        problem = problem with { Import = import.Rounded(), Export = export.Rounded() };
        Add(problem);
        First ??= problem;
        _import += import;
        _export += export;
        RefusedValues += values;
    }
}
