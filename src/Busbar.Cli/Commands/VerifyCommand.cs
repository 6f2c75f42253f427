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
    public static Command Create()
    {
        var proof = new Argument<string>("proof") { Description = "the proof document, as the page and busbar replay --prove give it" };
        var rpc = new Option<string>("--rpc") { Description = "any JSON-RPC of the chain", DefaultValueFactory = _ => "http://127.0.0.1:8080/rpc" };
        var addresses = new Option<string>("--addresses")
        {
            Description = "your own addresses file of the community (busbar deploy writes it; the node keeps it in its data folder)",
            Required = true,
        };
        var json = new Option<bool>("--json") { Description = "the outcome as one JSON object on standard output" };
        var reading = new Command("reading", "Is this reading in the anchored totals, signed by its meter? Trusts the chain and nothing else.")
        {
            proof, rpc, addresses, json,
        };
        reading.SetAction((parsed, cancellation) => ReadingAsync(
            parsed.GetRequiredValue(proof),
            parsed.GetRequiredValue(rpc),
            parsed.GetRequiredValue(addresses),
            parsed.GetValue(json),
            cancellation));
        return new("verify", "Holds what someone says against the chain alone.") { reading };
    }

    private static async Task<int> ReadingAsync(string path, string rpc, string addresses, bool json, CancellationToken cancellation)
    {
        var outcome = await CheckAsync(path, rpc, addresses, cancellation);
        var genuine = outcome is ProofOutcome.Genuine;
        if (json)
            Console.Out.WriteLine(JsonSerializer.Serialize(new { genuine, outcome = outcome.GetType().Name, explanation = outcome.Explanation }));
        else
            Console.Out.WriteLine(genuine ? outcome.Explanation : $"NOT PROVEN: {outcome.Explanation}");
        return genuine ? 0 : 1;
    }

    private static async Task<ProofOutcome> CheckAsync(string path, string rpc, string addresses, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(rpc, UriKind.Absolute, out var endpoint))
            throw new CommandFailure($"--rpc is an address such as http://127.0.0.1:8545, not {rpc}");
        var deployment = await DeploymentFile.ReadAsync(addresses, cancellation);
        if (!File.Exists(path))
            throw new CommandFailure($"there is no file {path}");
        if (new FileInfo(path).Length > ProofDocument.LongestDocument)
            throw new CommandFailure($"{path} is larger than a proof can be ({ProofDocument.LongestDocument} bytes)");
        if (!ProofDocument.TryParse(await File.ReadAllBytesAsync(path, cancellation), out var document, out var fault))
            return new ProofOutcome.WrongShape(fault);
        using var http = new HttpClient();
        var client = new EthereumClient(new JsonRpcClient(http, endpoint));
        try
        {
            return await ProofVerifier.VerifyAsync(client, ProofDeployment.Of(deployment.Contracts), document, cancellation);
        }
        catch (EthereumRpcException exception)
        {
            throw new CommandFailure($"the chain at {rpc} cannot be read: {exception.Message}");
        }
    }
}
