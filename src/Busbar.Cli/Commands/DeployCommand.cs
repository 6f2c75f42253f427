using System.CommandLine;
using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;

namespace Busbar.Cli.Commands;

/// <summary><c>busbar deploy</c>: puts the contracts on any Ethereum chain and writes the addresses file.</summary>
internal static class DeployCommand
{
    public static Command Create()
    {
        var rpc = new Option<string>("--rpc") { Description = "JSON-RPC of the chain", Required = true };
        var chainId = new Option<ulong>("--chain-id") { Description = "the chain's number; another chain is refused", Required = true };
        var key = new Option<string>("--key") { Description = "keystore file of the deployer, who pays and becomes the owner", Required = true };
        var password = new Option<string>("--password-file") { Description = "file with the keystore's password", Required = true };
        var regulators = new Option<string[]>("--regulator") { Description = "address of a regulator; may be given several times", Required = true };
        var minutes = new Option<int>("--interval") { Description = "minutes of an interval: 1, 5, 15, 30 or 60", DefaultValueFactory = _ => 15 };
        var output = new Option<string>("--out") { Description = "the addresses file to write", DefaultValueFactory = _ => "addresses.json" };
        var command = new Command("deploy", "Puts the contracts on an Ethereum chain and writes the addresses file.")
        {
            rpc, chainId, key, password, regulators, minutes, output,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new(
                parsed.GetRequiredValue(rpc),
                parsed.GetValue(chainId),
                parsed.GetRequiredValue(key),
                parsed.GetRequiredValue(password),
                parsed.GetRequiredValue(regulators),
                parsed.GetValue(minutes),
                parsed.GetRequiredValue(output)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(DeployOptions options, CancellationToken cancellation)
    {
        if (File.Exists(options.Output))
            throw new CommandFailure($"{options.Output} is there already; contracts are not deployed twice by mistake. Choose another --out");
        if (!Uri.TryCreate(options.Rpc, UriKind.Absolute, out var endpoint))
            throw new CommandFailure($"--rpc is an address such as http://127.0.0.1:8545, not {options.Rpc}");
        if (options.Minutes is not (1 or 5 or 15 or 30 or 60))
            throw new CommandFailure($"--interval is 1, 5, 15, 30 or 60, not {options.Minutes}");
        using var deployer = Secrets.OpenKey(options.Key, options.PasswordFile);
        var plan = new DeploymentPlan
        {
            Deployer = deployer,
            Regulators = [.. options.Regulators.Select(ParseAddress)],
            IntervalLength = IntervalLength.FromMinutes(options.Minutes),
        };
        using var http = new HttpClient();
        var client = new EthereumClient(new JsonRpcClient(http, endpoint));
        // A deployment that is cut off is begun anew, so it needs no journal.
        await using var chain = await RemoteChain.ConnectAsync(
            client, new() { ChainId = options.ChainId }, journal: null, TimeProvider.System, cancellation);
        var progress = new Progress<DeploymentStep>(step => Terminal.Say($"{step.Done}/{step.Total} {step.What}"));
        var file = await Deployment.DeployAsync(chain, plan, progress, cancellation);
        await file.WriteAsync(options.Output, cancellation);
        Console.Out.WriteLine($"the addresses are in {options.Output}");
        return 0;
    }

    private static Address ParseAddress(string text) => Address.TryParse(text, out var address)
        ? address
        : throw new CommandFailure($"{text} is no Ethereum address (0x and 40 digits; mixed case must match its checksum)");

    private sealed record DeployOptions(
        string Rpc, ulong ChainId, string Key, string PasswordFile, string[] Regulators, int Minutes, string Output);
}
