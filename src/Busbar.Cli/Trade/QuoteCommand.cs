using System.CommandLine;
using System.Text.Json.Nodes;
using Busbar.Cli.Running;

namespace Busbar.Cli.Trade;

/// <summary><c>quote VERB</c>: what a deed would come to, and whether the ledger would refuse it; nothing is signed.</summary>
internal static class QuoteCommand
{
    public static Command Create(TraderKind kind, IEnumerable<DeedVerb> verbs)
    {
        var quote = new Command("quote", "What a deed would come to, tax slab by slab, and what the ledger would say. Signs nothing.");
        foreach (var verb in verbs)
        {
            var command = verb.ToCommand();
            kind.AddReading(command);
            command.SetAction((parsed, cancellation) => RunAsync(kind, verb, parsed, cancellation));
            quote.Subcommands.Add(command);
        }

        return quote;
    }

    private static async Task<int> RunAsync(TraderKind kind, DeedVerb verb, ParseResult parsed, CancellationToken cancellation)
    {
        await using var api = new NodeApi(kind.NodeOf(parsed));
        var desk = await ReadingDesk.OpenAsync(kind, api, parsed, cancellation);
        var deed = await verb.PlanAsync(parsed, desk, cancellation);
        if (kind.IsJson(parsed))
        {
            Console.Out.WriteLine(new JsonObject
            {
                ["verb"] = verb.Name,
                ["refusal"] = deed.Refusal,
                ["detail"] = deed.Refusal is { } name ? RefusalWords.Of(name) : null,
                ["quote"] = deed.Quote is { } quote ? JsonNode.Parse(quote.GetRawText()) : null,
            }.ToJsonString());
        }
        else
        {
            Console.Out.WriteLine(deed.Title);
            foreach (var line in DeedText.Lines(deed))
                Console.Out.WriteLine(line);
        }

        return deed.Refusal is { } refusal ? throw new CommandFailure($"the ledger would refuse this: {RefusalWords.Of(refusal)}") : 0;
    }
}

/// <summary>Opens the desk of a command that only reads: signed in where a key is given.</summary>
internal static class ReadingDesk
{
    public static async Task<TradeDesk> OpenAsync(TraderKind kind, NodeApi api, ParseResult parsed, CancellationToken cancellation)
    {
        using var signer = kind.Open(parsed);
        var ground = signer is null
            ? TradeGround.Of(await api.GetAsync("community", cancellation))
            : await kind.GroundAsync(parsed, api, cancellation);
        if (signer is not null)
            await api.SignInAsync(signer, ground.ChainId, cancellation);
        return new(api, ground, signer?.Account);
    }
}
