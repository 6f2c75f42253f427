using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Busbar.Cli.Devices;
using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Device.Chain;
using Busbar.Device.Identity;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Contracts;

namespace Busbar.Cli.Commands;

/// <summary>
/// <c>busbar device trade</c>: a device acts on the ledger by itself. Signed here with the device's own key, sent through its node; a meter
/// may run in the same folder meanwhile.
/// </summary>
internal static class DeviceTradeCommand
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "the device's folder: its key, and what is signed and in no block yet",
        DefaultValueFactory = _ => "busbar-meter",
    };

    private static readonly Option<string> Password = new("--password-file")
    {
        Description = "file with the password of the device's key",
        Required = true,
    };

    private static readonly Option<string> Node = new("--node")
    {
        Description = "the node's page, through whose JSON-RPC it sends",
        DefaultValueFactory = _ => "http://127.0.0.1:8080",
    };

    private static readonly Option<BigInteger> Most = new("--most-per-gas")
    {
        Description = "the most that a unit of gas may cost, wei",
        DefaultValueFactory = _ => new(500_000_000_000),
        CustomParser = static result => Whole(result),
    };

    private static readonly Option<int> Patience = new("--patience")
    {
        Description = "seconds to wait for the node and for a block, 1 to 3600",
        DefaultValueFactory = _ => 120,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "what came of it as one JSON object on standard output" };

    public static Command Create()
    {
        Patience.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 3600)
                result.AddError("--patience is 1 to 3600 seconds");
        });
        return new("trade", "A device acts on the ledger with its own key.") { Deposit(), Send(), Resume() };
    }

    private static Command Deposit()
    {
        var amount = new Argument<string>("amount") { Description = "how many coins, such as 1.5" };
        return Acting("deposit", "Puts coins of the device's account into the community's vault.", [amount], (parsed, community) =>
        {
            if (!Coin.TryParse(parsed.GetRequiredValue(amount), out var coins) || coins <= Coin.Zero)
                throw new CommandFailure($"the amount is coins above 0, such as 1.5, not {parsed.GetRequiredValue(amount)}");
            var vault = community.Vault ?? throw new CommandFailure("this community has no money on its ledger");
            return new(Address.Parse(vault), (BigInteger)coins.Wei, Vault.EncodeDeposit((BigInteger)coins.Wei));
        });
    }

    private static Command Send()
    {
        var to = new Option<string>("--to") { Description = "the contract's address", Required = true };
        var data = new Option<string>("--call") { Description = "the call's bytes as 0x and hexadecimal", DefaultValueFactory = _ => "0x" };
        var value = new Option<BigInteger>("--value") { Description = "what is sent along, wei", CustomParser = static result => Whole(result) };
        return Acting("send", "Sends any call of a contract.", [to, data, value], (parsed, _) =>
        {
            if (!Address.TryParse(parsed.GetRequiredValue(to), out var contract))
                throw new CommandFailure($"--to is an address of 0x and 40 hexadecimal digits, not {parsed.GetRequiredValue(to)}");
            return HexText.TryDecode(parsed.GetRequiredValue(data), out var bytes)
                ? new(contract, parsed.GetValue(value), bytes)
                : throw new CommandFailure("--call is bytes as 0x and hexadecimal digits");
        });
    }

    private static Command Resume() =>
        Acting("resume", "Sees what was signed before a crash, and is in no block yet, through to its block.", [], static (_, _) => null);

    private static Command Acting(
        string name, string description, IEnumerable<Symbol> own, Func<ParseResult, MeterCommunity, RawCall?> call)
    {
        var command = new Command(name, description) { Data, Password, Node, Most, Patience, Json };
        foreach (var symbol in own)
        {
            if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else
                command.Options.Add((Option)symbol);
        }

        command.SetAction((parsed, cancellation) => RunAsync(parsed, call, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, Func<ParseResult, MeterCommunity, RawCall?> call, CancellationToken cancellation)
    {
        var folder = parsed.GetRequiredValue(Data);
        var password = Secrets.ReadPassword(parsed.GetRequiredValue(Password));
        var node = Http.Endpoint("--node", parsed.GetRequiredValue(Node));
        using var identity = DeviceCommand.Opened(folder, () => MeterIdentity.Open(folder, password, KeystoreCost.Light));
        var community = await MeterCommunity.LearnAsync(folder, node, cancellation);
        var endpoint = new Uri(node, "/rpc");
        using var http = Http.ClientFor(endpoint);
        using var sender = new RawSender(
            new(new JsonRpcClient(http, endpoint)),
            identity.Id.Key,
            identity.Sign,
            new()
            {
                Folder = folder,
                ChainId = community.ChainId,
                MostPerGas = parsed.GetRequiredValue(Most),
                Patience = TimeSpan.FromSeconds(parsed.GetRequiredValue(Patience)),
            },
            TimeProvider.System)
        {
            Sending = signed => Terminal.Say($"{signed.Hash} of {identity.Id}, nonce {signed.Transaction.Nonce}, is kept and sent"),
        };
        try
        {
            var receipt = call(parsed, community) is { } wanted
                ? await sender.SendAsync(wanted, cancellation)
                : await sender.ResumeAsync(cancellation);
            Tell(receipt, parsed.GetValue(Json));
            return 0;
        }
        catch (RawSendException failure)
        {
            if (parsed.GetValue(Json))
            {
                var told = new { failure = failure.Reason.ToString(), detail = failure.Message, again = failure.IsTransient };
                Console.Out.WriteLine(JsonSerializer.Serialize(told));
            }

            throw new CommandFailure(failure.Message);
        }
    }

    private static void Tell(TransactionReceipt? receipt, bool json)
    {
        if (receipt is null)
        {
            Console.Out.WriteLine(json ? "null" : "nothing was waiting");
            return;
        }

        var fee = (receipt.EffectiveGasPrice * receipt.GasUsed).ToString(CultureInfo.InvariantCulture);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new
            {
                transaction = receipt.TransactionHash.ToString(),
                block = receipt.BlockNumber,
                from = receipt.From.ToString(),
                gas = receipt.GasUsed,
                fee,
            }));
            return;
        }

        Console.Out.WriteLine($"{receipt.TransactionHash} is in block {receipt.BlockNumber}, {receipt.GasUsed:N0} gas for {fee} wei");
    }

    private static BigInteger Whole(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (BigInteger.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var wei))
            return wei;
        result.AddError($"wei are a whole number, not {result.Tokens[0].Value}");
        return default;
    }
}
