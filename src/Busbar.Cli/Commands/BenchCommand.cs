using System.CommandLine;
using System.Text.Json;
using Busbar.Bench;
using Busbar.Cli.Running;

namespace Busbar.Cli.Commands;

/// <summary><c>busbar bench NAME</c>: the measurements that docs/performance.md reports.</summary>
internal static class BenchCommand
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = "which benchmark", Arity = ArgumentArity.ZeroOrOne };
        var list = new Option<bool>("--list") { Description = "name all benchmarks" };
        var json = new Option<bool>("--json") { Description = "one JSON object a line on standard output" };
        var command = new Command("bench", "Measures on this machine; figures and ratios as in docs/performance.md.") { name, list, json };
        var child = new Command("load-child", "Part of a benchmark: the process that makes the load.") { Hidden = true, TreatUnmatchedTokensAsErrors = false };
        child.SetAction((parsed, cancellation) => BenchmarkCatalog.RunChildAsync([.. parsed.UnmatchedTokens], cancellation));
        command.Add(child);
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(name), parsed.GetValue(list), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string? name, bool list, bool json, CancellationToken cancellation)
    {
        if (list || name is null)
        {
            foreach (var entry in BenchmarkCatalog.All)
                Console.Out.WriteLine($"{entry.Name,-12} {entry.What}");
            return 0;
        }

        if (BenchmarkCatalog.All.All(entry => entry.Name != name))
        {
            Terminal.Say($"there is no benchmark {name}; busbar bench --list names them");
            return 2;
        }

        foreach (var figure in await BenchmarkCatalog.RunAsync(name, Console.Error, cancellation))
        {
            Console.Out.WriteLine(json
                ? JsonSerializer.Serialize(figure, Form)
                : $"{figure.Name,-10} {figure.What,-24} {figure.Value,16:N3} {figure.Unit,-14} n={figure.N}");
        }

        return 0;
    }
}
