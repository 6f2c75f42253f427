namespace Busbar.Bench;

/// <summary>A benchmark that can be asked for.</summary>
/// <param name="Name">What to ask for.</param>
/// <param name="What">What it measures, in a line.</param>
public sealed record BenchmarkEntry(string Name, string What);

/// <summary>One measured figure.</summary>
/// <param name="Name">The benchmark.</param>
/// <param name="What">Which of its figures.</param>
/// <param name="Value">The median of its runs.</param>
/// <param name="Unit">The unit of the value; <c>x</c> for a ratio.</param>
/// <param name="N">How often the work was done in all runs.</param>
/// <param name="Machine">On what.</param>
public sealed record BenchmarkFigure(string Name, string What, double Value, string Unit, long N, string Machine);
