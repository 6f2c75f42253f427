using System.CommandLine;
using System.Globalization;
using System.Numerics;
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
    private const int MostGasOfAStep = 9_000_000;

    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(1);

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
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(options.Output))))
            throw new CommandFailure($"there is no folder for {options.Output}; make it first");
        var endpoint = Http.Endpoint("--rpc", options.Rpc);
        if (options.Minutes is not (1 or 5 or 15 or 30 or 60))
            throw new CommandFailure($"--interval is 1, 5, 15, 30 or 60, not {options.Minutes}");
        Address[] regulators = [.. options.Regulators.Select(ParseAddress)];
        using var deployer = Secrets.OpenKey(options.Key, options.PasswordFile);
        var plan = new DeploymentPlan
        {
            Deployer = deployer,
            Regulators = regulators,
            IntervalLength = IntervalLength.FromMinutes(options.Minutes),
        };
        using var http = Http.ClientFor(endpoint);
        var client = new EthereumClient(new JsonRpcClient(http, endpoint));
        await CheckChainAsync(client, endpoint, deployer.Address, options.ChainId, cancellation);
        var file = await DeployAsync(client, endpoint, plan, options, cancellation);
        await file.WriteAsync(options.Output, cancellation);
        Console.Out.WriteLine($"the addresses are in {options.Output}");
        return 0;
    }

    // What would only show in the middle of it is looked at first, without patience: a person is waiting.
    private static async Task CheckChainAsync(
        EthereumClient client, Uri endpoint, Address deployer, ulong wanted, CancellationToken cancellation)
    {
        try
        {
            var chain = await client.GetChainIdAsync(cancellation);
            if (chain != wanted)
                throw new CommandFailure($"the chain at {endpoint} is {chain}, not {wanted}; check --rpc and --chain-id. Nothing was sent");
            var price = await client.GetGasPriceAsync(cancellation);
            var balance = await client.GetBalanceAsync(deployer, cancellationToken: cancellation);
            if (balance < price * MostGasOfAStep)
            {
                throw new CommandFailure(
                    $"the deployer {deployer} has {Ether(balance)} Ether on chain {chain}, and each step may take "
                    + $"{Ether(price * MostGasOfAStep)}; send it some. Nothing was sent");
            }
        }
        catch (EthereumRpcException failure)
        {
            throw new CommandFailure($"the chain at {endpoint} cannot be reached: {failure.Message}; check --rpc. Nothing was sent");
        }
    }

    private static async Task<DeploymentFile> DeployAsync(
        EthereumClient client, Uri endpoint, DeploymentPlan plan, DeployOptions options, CancellationToken cancellation)
    {
        try
        {
            // A deployment that is cut off is begun anew, so it needs no journal.
            await using var chain = await RemoteChain.ConnectAsync(
                client, new() { ChainId = options.ChainId, LongestOutage = LongestOutage }, journal: null, TimeProvider.System, cancellation);
            var progress = new Telling<DeploymentStep>(step => Terminal.Say($"{step.Done}/{step.Total} {step.What}"));
            return await Deployment.DeployAsync(chain, plan, progress, cancellation);
        }
        catch (ChainException failure) when (failure.IsTransient)
        {
            throw new CommandFailure(
                $"the chain at {endpoint} stopped answering: {failure.Message}. What is on it stays there and is of no use; "
                + $"{options.Output} was not written. When the chain is back, run the command again: it makes a new set of contracts");
        }
    }

    private static string Ether(BigInteger wei) =>
        ((double)wei / 1e18).ToString("0.######", CultureInfo.InvariantCulture);

    private static Address ParseAddress(string text) => Address.TryParse(text, out var address)
        ? address
        : throw new CommandFailure($"{text} is no Ethereum address (0x and 40 digits; mixed case must match its checksum)");

    private sealed record DeployOptions(
        string Rpc, ulong ChainId, string Key, string PasswordFile, string[] Regulators, int Minutes, string Output);
}
