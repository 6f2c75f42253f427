using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Cli.Running;
using Busbar.Device.Chain;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Cli.Trade;

/// <summary>Carries a verb out: says what it comes to, tries it, asks who is in front, signs, sends, and waits for its block.</summary>
internal sealed class ActCommand(TraderKind kind, DeedVerb verb)
{
    public static Command Create(TraderKind kind, DeedVerb verb)
    {
        var command = verb.ToCommand();
        kind.AddSending(command);
        kind.AddAsking(command);
        command.SetAction(new ActCommand(kind, verb).RunAsync);
        return command;
    }

    /// <summary>The command that only sees through what was signed before a crash.</summary>
    public static Command CreateResume(TraderKind kind)
    {
        var command = new Command("resume", "Sees what was signed before a crash, and is in no block yet, through to its block.");
        kind.AddSending(command);
        command.SetAction((parsed, cancellation) => WithSenderAsync(
            kind,
            parsed,
            async (sender, _) =>
            {
                if (await sender.Sender.ResumeAsync(cancellation) is { } receipt)
                    Tell("resume", null, receipt, kind.IsJson(parsed));
                else
                    Console.Out.WriteLine(kind.IsJson(parsed) ? "null" : "nothing was waiting");
            },
            cancellation));
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => WithSenderAsync(
        kind,
        parsed,
        async (sending, api) =>
        {
            if (!verb.IsExact)
            {
                if (await sending.Sender.ResumeAsync(cancellation) is { } earlier)
                    throw TradeRefusedException.After(earlier);
                await api.SignInAsync(sending.Signer, sending.Ground.ChainId, cancellation);
            }

            var deed = await verb.PlanAsync(parsed, new(api, sending.Ground, sending.Signer.Account), cancellation);
            DeedText.Say(deed);
            if (deed.Refusal is { } refusal)
                throw TradeRefusedException.Of(refusal);
            if (!verb.IsExact)
                await TryAsync(sending, deed, cancellation);
            if (kind.Asks(parsed) && !Terminal.Confirm($"Sign with {sending.Signer.Account} and send?"))
                throw TradeRefusedException.NotWanted();
            Tell(verb.Name, deed, await sending.Sender.SendAsync(deed.Call, cancellation), kind.IsJson(parsed));
        },
        cancellation);

    private static async Task<int> WithSenderAsync(
        TraderKind kind, ParseResult parsed, Func<Sending, NodeApi, Task> act, CancellationToken cancellation)
    {
        try
        {
            await BeginAsync(kind, parsed, act, cancellation);
            return 0;
        }
        catch (RawSendException failure)
        {
            throw Told(TradeRefusedException.Of(failure), kind.IsJson(parsed));
        }
        catch (TradeRefusedException refused)
        {
            throw Told(refused, kind.IsJson(parsed));
        }
        catch (CommandFailure failure)
        {
            throw Told(TradeRefusedException.Of(failure), kind.IsJson(parsed));
        }
    }

    private static async Task BeginAsync(
        TraderKind kind, ParseResult parsed, Func<Sending, NodeApi, Task> act, CancellationToken cancellation)
    {
        using var signer = kind.Open(parsed)!;
        var node = kind.NodeOf(parsed);
        await using var api = new NodeApi(node);
        var ground = await kind.GroundAsync(parsed, api, cancellation);
        var endpoint = new Uri(node, "/rpc");
        using var http = Http.ClientFor(endpoint);
        var client = new EthereumClient(new JsonRpcClient(http, endpoint));
        using var sender = new RawSender(client, signer.Account, signer.Sign, kind.Sending(parsed, ground, signer.Account), TimeProvider.System)
        {
            Sending = signed => Terminal.Say($"{signed.Hash} of {signer.Account}, nonce {signed.Transaction.Nonce}, is kept and sent"),
        };
        await act(new(sender, client, signer, ground), api);
    }

    // What the contract says to the same call before anything is signed. A node that is away is the sender's to wait for.
    private static async Task TryAsync(Sending sending, Deed deed, CancellationToken cancellation)
    {
        try
        {
            var call = new CallRequest { From = sending.Signer.Account, To = deed.Call.To, Data = deed.Call.Data };
            await sending.Client.CallAsync(call, BlockTag.Latest, cancellation);
        }
        catch (EthereumRpcException refused) when (!refused.IsTransient)
        {
            throw TradeRefusedException.Of(refused);
        }
    }

    private static CommandFailure Told(TradeRefusedException refused, bool json)
    {
        if (json)
        {
            var told = new { failure = refused.Failure, refusal = refused.Refusal, detail = refused.Message, again = refused.IsTransient };
            Console.Out.WriteLine(JsonSerializer.Serialize(told));
        }

        return new(refused.Message);
    }

    private static void Tell(string verb, Deed? deed, TransactionReceipt receipt, bool json)
    {
        var fee = (receipt.EffectiveGasPrice * receipt.GasUsed).ToString(CultureInfo.InvariantCulture);
        var came = DeedText.CameOf(receipt).ToList();
        if (!json)
        {
            foreach (var (name, id) in came)
                Console.Out.WriteLine($"{name} {id}");
            Console.Out.WriteLine($"{receipt.TransactionHash} is in block {receipt.BlockNumber}, {receipt.GasUsed:N0} gas for {fee} wei");
            return;
        }

        var told = new JsonObject
        {
            ["verb"] = verb,
            ["transaction"] = receipt.TransactionHash.ToString(),
            ["block"] = receipt.BlockNumber,
            ["from"] = receipt.From.ToString(),
            ["gas"] = receipt.GasUsed,
            ["fee"] = fee,
            ["quote"] = deed?.Quote is { } quote ? JsonNode.Parse(quote.GetRawText()) : null,
        };
        foreach (var (name, id) in came)
            told[name] = id;
        Console.Out.WriteLine(told.ToJsonString());
    }

    private sealed record Sending(RawSender Sender, EthereumClient Client, TradeSigner Signer, TradeGround Ground);
}
