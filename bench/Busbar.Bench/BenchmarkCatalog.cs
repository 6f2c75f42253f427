namespace Busbar.Bench;
/// <summary>stub</summary>
public static class BenchmarkCatalog
{
    /// <summary>stub</summary>
    public static IReadOnlyList<BenchmarkEntry> All { get; } = [];
    /// <summary>stub</summary>
    public static Task<IReadOnlyList<BenchmarkFigure>> RunAsync(string name, TextWriter progress, CancellationToken cancellation) => throw new NotSupportedException(name);
    /// <summary>stub</summary>
    public static Task<int> RunChildAsync(string[] args, CancellationToken cancellation) => Task.FromResult(2);
}
/// <summary>stub</summary>
public sealed record BenchmarkEntry(string Name, string What);
/// <summary>stub</summary>
public sealed record BenchmarkFigure(string Name, string What, double Value, string Unit, long N, string Machine);
