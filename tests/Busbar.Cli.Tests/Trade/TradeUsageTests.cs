using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Cli.Tests.Running;
using Busbar.Ethereum.Transactions;
using Busbar.Node.Tests.Market;

namespace Busbar.Cli.Tests.Trade;

/// <summary>What is no trade at all: wrong usage, wrong keys, a node that is away, and what an earlier run left.</summary>
[Collection(TradeStreet.Name)]
public sealed class TradeUsageTests(TradeFixture street)
{
    private const string Id = "0x0000000000000000000000000000000000000000000000000000000000000001";

    [Theory]
    [InlineData("an amount is coins above 0", "deposit", "0")]
    [InlineData("an amount is coins above 0", "withdraw-money", "-1")]
    [InlineData("an amount is coins above 0", "buy", Id, "--most", "0")]
    [InlineData("Wh or kWh above 0 with its unit", "buy", Id, "--energy", "0Wh")]
    [InlineData("Wh or kWh above 0 with its unit", "buy", Id, "--energy", "4")]
    [InlineData("Wh or kWh above 0 with its unit", "draw", "--energy", "0.0001Wh")]
    [InlineData("Wh or kWh above 0 with its unit", "draw", "--energy", "-4Wh")]
    [InlineData("a price is coins a kWh above 0", "sell", "--energy", "4Wh", "--price", "0")]
    [InlineData("64 hexadecimal digits", "buy", "0x12")]
    [InlineData("90min, 6h or 2d", "request", "--energy", "4Wh", "--price", "1", "--for", "soon")]
    [InlineData("not both", "request", "--energy", "4Wh", "--price", "1", "--for", "1h", "--until", "2026-06-30T00:00:00Z")]
    [InlineData("--payee is an address", "channel", "open", "--payee", "x", "--price", "1", "--lock", "1")]
    [InlineData("--price", "sell", "--energy", "4Wh")]
    public async Task Words_OfNoMeaning_WrongUsage(string told, params string[] arguments) =>
        (await street.PersonAsync("buyer", arguments)).FailedPlainly(2, told);

    [Fact]
    public async Task Deed_WithoutATerminalOrAKey_WrongUsage()
    {
        (await street.LookAsync("buyer", "buy", Id)).FailedPlainly(2, "there is no terminal to ask at", "--yes");
        (await street.RunAsync("buy", Id, "--yes")).FailedPlainly(2, "'--keystore' is required", "'--password-file' is required");
        (await street.RunAsync("market", "--mine")).FailedPlainly(2, "needs your key", "--keystore");
        (await street.RunAsync("standing")).FailedPlainly(2, "needs your key");
        Assert.Contains("--keystore", (await street.RunAsync("buy", "--help")).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deed_WrongPasswordOrNoNode_SaysWhich()
    {
        string[] key = ["--keystore", "buyer.json", "--password-file", "wrong", "--yes"];
        (await street.RunAsync(["draw", "--energy", "1Wh", .. key])).FailedPlainly(1, "the key buyer.json cannot be opened");
        (await street.PersonAsync("buyer", "draw", "--energy", "1Wh", "--node", "http://127.0.0.1:1"))
            .FailedPlainly(1, "no node answers at http://127.0.0.1:1/", "nothing was signed");
        (await street.RunAsync("market", "--node", "http://127.0.0.1:1")).FailedPlainly(1, "no node answers", "--node");
        var away = await street.PersonAsync("buyer", "draw", "--energy", "1Wh", "--node", "http://127.0.0.1:1", "--json");
        Assert.Equal(("NodeAway", true), Told(away));
        Assert.Equal(("Failed", false), Told(await street.PersonAsync("buyer", "buy", Id, "--json")));
        await using var other = new FakeChain();
        (await street.RunAsync("market", "--node", other.Address)).FailedPlainly(1, "is no node of Busbar");
    }

    [Fact]
    public async Task Deed_AfterOneThatWasSignedBeforeACrash_ThatOneFirstAndNothingElse()
    {
        using var key = MarketStreet.Person("buyer");
        var client = street.Street.Community.Node.Chain.Client;
        var signed = new Transaction
        {
            ChainId = street.Street.Community.Node.Contracts.ChainId,
            Nonce = await client.GetTransactionCountAsync(key.Address),
            GasLimit = 21_000,
            To = key.Address,
        }.Sign(key);
        var folder = Directory.CreateDirectory(street.Work[Path.Combine("crashed", key.Address.ToString())]);
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "sending.json"), JsonSerializer.Serialize(new { Raw = signed.Raw.ToArray() }));
        string[] words = ["request", "--energy", "1Wh", "--price", "0.1", .. TradeFixture.Key("buyer"), "--data", "crashed", "--yes"];

        var refused = await street.RunAsync([.. words, "--json"]);

        refused.FailedPlainly(1, $"{signed.Hash}, signed before, is in block", "give the command again");
        Assert.Equal(("EarlierFirst", true), Told(refused));
        Assert.NotNull(await client.GetTransactionReceiptAsync(signed.Hash));
        string[] resume = ["resume", .. TradeFixture.Key("buyer"), "--data", "crashed"];
        Assert.Contains("nothing was waiting", (await street.RunAsync(resume)).Succeeded().Output, StringComparison.Ordinal);
        (await street.RunAsync(words)).Succeeded();
    }

    private static (string Failure, bool Again) Told(Outcome refused)
    {
        var told = JsonNode.Parse(refused.Output)!;
        return ((string)told["failure"]!, (bool)told["again"]!);
    }
}
