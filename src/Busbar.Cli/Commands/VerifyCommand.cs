using System.CommandLine;
using System.Text.Json;
using Busbar.Cli.Running;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Proofs;

namespace Busbar.Cli.Commands;

/// <summary><c>busbar verify</c>: holds what someone says against the chain alone.</summary>
internal static class VerifyCommand
{
    private const string DefaultRpc = "http://127.0.0.1:8080/rpc";

    public static Command Create()
    {
        var proof = new Argument<string>("proof") { Description = "the proof document, as the page and busbar replay --prove give it" };
        var rpc = new Option<string?>("--rpc") { Description = $"any JSON-RPC of the chain; default {DefaultRpc}" };
        var data = new Option<string?>("--data")
        {
            Description = "instead of --rpc: the data folder of a stopped node or of busbar replay --data, whose chain is started for this",
        };
        var addresses = new Option<string?>("--addresses")
        {
            Description =
                "your own addresses file of the community (busbar deploy writes it; the node keeps it in its data folder); default: that of --data",
        };
        var json = new Option<bool>("--json") { Description = "the outcome as one JSON object on standard output" };
        var reading = new Command("reading", "Is this reading in the anchored totals, signed by its meter? Trusts the chain and nothing else.")
        {
            proof, rpc, data, addresses, json,
        };
        reading.Validators.Add(result =>
        {
            if (result.GetValue(data) is null ? result.GetValue(addresses) is null : result.GetValue(rpc) is not null)
                result.AddError("give --addresses FILE with the chain of --rpc, or --data DIR without --rpc");
        });
        reading.SetAction((parsed, cancellation) => ReadingAsync(
            parsed.GetRequiredValue(proof),
            new(parsed.GetValue(rpc) ?? DefaultRpc, parsed.GetValue(data), parsed.GetValue(addresses)),
            parsed.GetValue(json),
            cancellation));
        return new("verify", "Holds what someone says against the chain alone.") { reading, VerifyBooksCommand.Create() };
    }

    private static async Task<int> ReadingAsync(string path, Where where, bool json, CancellationToken cancellation)
    {
        var outcome = await CheckAsync(path, where, cancellation);
        var genuine = outcome is ProofOutcome.Genuine;
        if (json)
            Console.Out.WriteLine(JsonSerializer.Serialize(new { genuine, outcome = outcome.GetType().Name, explanation = outcome.Explanation }));
        else
            Console.Out.WriteLine(genuine ? outcome.Explanation : $"NOT PROVEN: {outcome.Explanation}");
        return genuine ? 0 : 1;
    }

    private static async Task<ProofOutcome> CheckAsync(string path, Where where, CancellationToken cancellation)
    {
        var trusted = where.Addresses is null ? null : await DeploymentFile.ReadAsync(where.Addresses, cancellation);
        if (!ProofDocument.TryParse(await ProofFile.ReadAsync(path, cancellation), out var document, out var fault))
            return new ProofOutcome.WrongShape(fault);
        if (where.Data is { } folder)
        {
            await using var stopped = await StoppedChain.OpenAsync(folder, cancellation);
            return await AskAsync(stopped.Chain.Client, $"of {folder}", trusted ?? stopped.Deployment, document, cancellation);
        }

        var endpoint = Http.Endpoint("--rpc", where.Rpc);
        using var http = Http.ClientFor(endpoint);
        return await AskAsync(new(new JsonRpcClient(http, endpoint)), $"at {endpoint}", trusted!, document, cancellation);
    }

    private static async Task<ProofOutcome> AskAsync(
        EthereumClient client, string where, DeploymentFile trusted, ProofDocument document, CancellationToken cancellation)
    {
        try
        {
            return await ProofVerifier.VerifyAsync(client, ProofDeployment.Of(trusted.Contracts), document, cancellation);
        }
        catch (EthereumRpcException exception)
        {
            throw new CommandFailure(
                $"the chain {where} cannot be read: {exception.Message}; "
                + "start the node, name another chain with --rpc, or its stopped folder with --data");
        }
    }

    /// <summary>Which chain is asked, and whose contracts are believed.</summary>
    private sealed record Where(string Rpc, string? Data, string? Addresses);
}
