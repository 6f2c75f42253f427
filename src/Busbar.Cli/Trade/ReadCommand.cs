using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;

namespace Busbar.Cli.Trade;

/// <summary>A command that shows a document of the node's API, as lines or, with <c>--json</c>, as it is.</summary>
internal static class ReadCommand
{
    /// <param name="kind">Who looks.</param>
    /// <param name="command">With its own options; gets the others.</param>
    /// <param name="needsKey">Whether what is asked for is the looker's own.</param>
    /// <param name="ask">Gets the document.</param>
    /// <param name="lines">The document for a person.</param>
    public static Command Complete(
        TraderKind kind,
        Command command,
        Func<CommandResult, bool> needsKey,
        Func<ParseResult, TradeDesk, CancellationToken, Task<JsonElement>> ask,
        Func<JsonElement, TradeDesk, CancellationToken, Task<IEnumerable<string>>> lines)
    {
        kind.AddReading(command);
        command.Validators.Add(result =>
        {
            if (needsKey(result) && kind.KeyOptions.Any(option => result.GetResult(option) is null))
            {
                var names = string.Join(" and ", kind.KeyOptions.Select(option => option.Name));
                result.AddError($"what is your own needs your key: give {names}");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var api = new NodeApi(kind.NodeOf(parsed));
            var desk = await ReadingDesk.OpenAsync(kind, api, parsed, cancellation);
            var document = await ask(parsed, desk, cancellation);
            if (kind.IsJson(parsed))
                Console.Out.WriteLine(document.GetRawText());
            foreach (var line in kind.IsJson(parsed) ? [] : await lines(document, desk, cancellation))
                Console.Out.WriteLine(line);
            return 0;
        });
        return command;
    }

    /// <summary>How many rows; the node gives 200 at once.</summary>
    public static Option<int> Limit()
    {
        var limit = new Option<int>("--limit") { Description = "how many rows, 1 to 200", DefaultValueFactory = _ => 20 };
        limit.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 200)
                result.AddError("--limit is 1 to 200 rows");
        });
        return limit;
    }

    /// <summary>What is said at the end of a list that goes on.</summary>
    public static IEnumerable<string> More(JsonElement page) => page.IsNull("next") ? [] : ["there is more; see it with a higher --limit"];
}
