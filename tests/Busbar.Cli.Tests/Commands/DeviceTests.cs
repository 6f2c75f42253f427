using System.Globalization;
using System.Text.Json.Nodes;
using Busbar.Cli.Tests.Running;
using Busbar.Cryptography;

namespace Busbar.Cli.Tests.Commands;

/// <summary>The node and its meters, refused: in one class, since the node that runs is the dear part.</summary>
public sealed class DeviceTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    [Fact]
    public async Task Device_WrongToken_SaysWhereTheRightOneIs() =>
        (await DeviceAsync("--token-file", "node-password", "--data", "other")).FailedPlainly(1, "refuses this meter's token", "busbar up --tokens");

    [Fact]
    public async Task Device_RunsAlready_Refused()
    {
        await using var first = LivingProgram.Start(node.Work.Folder, Arguments("--token-file", "meter-token"));
        await first.HearAsync("connected to the node");
        (await DeviceAsync("--token-file", "meter-token"))
            .FailedPlainly(1, "the meter's folder meter cannot be used", "if this meter runs already, stop it first");
        Assert.Equal(0, await first.StopAsync());
    }

    [Fact]
    public async Task Device_NodeTellsAnotherSigner_KeepsToTheOneThatItLearnt()
    {
        const string learnt = "0x13bf66fbd26f2014a9f96abce113c087a7e6920e";
        var file = Path.Combine(node.Work.Folder, "pinned", "community.json");
        // The token is another meter's, so that neither stays; what they learn they have learnt before.
        await using (var first = LivingProgram.Start(node.Work.Folder, Arguments("--token-file", "meter-token", "--data", "pinned")))
        {
            await first.HearAsync("meter 0x");
        }

        var form = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        Assert.True(Address.TryParse((string)form["operator"]!, out _));
        form["operator"] = learnt;
        await File.WriteAllTextAsync(file, form.ToJsonString());
        await using var second = LivingProgram.Start(node.Work.Folder, Arguments("--token-file", "meter-token", "--data", "pinned"));

        await second.HearAsync($"this meter goes on obeying {learnt} alone");
        await second.HearAsync("meter 0x");
        Assert.Equal(learnt, (string)JsonNode.Parse(await File.ReadAllTextAsync(file))!["operator"]!);
    }

    [Fact]
    public async Task Device_NodeAwayAtTheFirstStart_SaysWhatIsNeeded()
    {
        (await DeviceAsync("--token-file", "meter-token", "--data", "new", "--node", "http://127.0.0.1:1"))
            .FailedPlainly(1, "no node answers at http://127.0.0.1:1/", "a meter's first start needs it");
        (await DeviceAsync("--token-file", "meter-token", "--node", "here")).FailedPlainly(1, "--node is an address");
    }

    [Fact]
    public async Task Device_WrongFiles_SaysWhich()
    {
        node.Work.Write("open", "a password that all can read");
        File.SetUnixFileMode(node.Work["open"], UnixFileMode.UserRead | UnixFileMode.OtherRead);
        (await DeviceAsync()).FailedPlainly(1, "--token-file is missing");
        (await DeviceAsync("--token-file", "absent")).FailedPlainly(1, "there is no password file absent");
        (await DeviceAsync("--token-file", "open")).FailedPlainly(1, "chmod 600 open");
        (await DeviceAsync("--token-file", "meter-token", "--password-file", "node-password")).FailedPlainly(1, "the key in meter cannot be opened");
        (await node.RunAsync("device", "--password-file", "meter-password")).FailedPlainly(1, "--simulated");
        (await node.RunAsync("device")).FailedPlainly(2, "--password-file");
    }

    [Fact]
    public async Task Trade_Send_IsInABlockOfTheNodesLedger()
    {
        var own = (await node.RunAsync("device", "--show-address", "--data", "meter", "--password-file", "meter-password")).Succeeded().Output.Trim();

        var sent = JsonNode.Parse((await TradeAsync("send", "--to", own, "--json")).Succeeded().Output)!;

        Assert.Equal(own, ((string)sent["from"]!).ToLowerInvariant());
        Assert.True((ulong)sent["block"]! > 0);
        Assert.Equal(21_000UL, (ulong)sent["gas"]!);
        Assert.Contains("nothing was waiting", (await TradeAsync("resume")).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trade_WhatCannotBe_IsRefusedInWords()
    {
        using var http = new HttpClient();
        var community = JsonNode.Parse(await http.GetStringAsync(new Uri(new(node.Page), "/api/v1/community")))!;
        var council = (string)community["contracts"]!["council"]!;

        (await TradeAsync("send", "--to", council, "--call", "0xdeadbeef")).FailedPlainly(1, "nothing was sent: execution reverted");
        (await TradeAsync("send", "--to", council, "--value", "1")).FailedPlainly(1, "has 0 wei and needs 1 wei");
        (await TradeAsync("send", "--to", "council")).FailedPlainly(2, "--to is an address");
        (await TradeAsync("send", "--to", council, "--call", "dead")).FailedPlainly(1, "--call is bytes");
        (await TradeAsync("send", "--to", council, "--value", "-1")).FailedPlainly(2, "wei are a whole number");
        (await TradeAsync("deposit", "0")).FailedPlainly(2, "coins above 0");
        (await TradeAsync("resume", "--patience", "0")).FailedPlainly(2, "--patience is 1 to 3600");
        (await TradeAsync("resume", "--patience", "1", "--node", "http://127.0.0.1:1")).FailedPlainly(1, "the node does not answer");
        var failed = JsonNode.Parse((await TradeAsync("send", "--to", council, "--value", "1", "--json")).Output)!;
        Assert.Equal(("NoFunds", false), ((string)failed["failure"]!, (bool)failed["again"]!));
    }

    [Fact]
    public async Task Pay_WhatCannotBe_IsRefusedInWords()
    {
        var nowhere = "0x" + new string('1', 64);
        (await DeviceAsync("--token-file", "meter-token", "--pay", "channel", "--pay-limit", "1")).FailedPlainly(1, "--pay is a channel's id");
        (await DeviceAsync("--token-file", "meter-token", "--pay", nowhere)).FailedPlainly(1, "--pay needs --pay-limit");
        (await DeviceAsync("--token-file", "meter-token", "--pay", nowhere, "--pay-limit", "0")).FailedPlainly(1, "--pay needs --pay-limit");
        (await DeviceAsync("--token-file", "meter-token", "--pay-limit", "1")).FailedPlainly(1, "--pay is a channel's id");
        (await DeviceAsync("--token-file", "meter-token", "--pay", nowhere, "--pay-limit", "1"))
            .FailedPlainly(1, $"channel {nowhere} was never opened in 0x");
    }

    private Task<Outcome> TradeAsync(params string[] arguments)
    {
        string[] usual = ["--data", "meter", "--password-file", "meter-password", "--node", node.Page];
        var kept = usual.Chunk(2).Where(pair => !arguments.Contains(pair[0], StringComparer.Ordinal)).SelectMany(pair => pair);
        return node.RunAsync(["device", "trade", .. arguments, .. kept]);
    }

    private Task<Outcome> DeviceAsync(params string[] more) => node.RunAsync(Arguments(more));

    private string[] Arguments(params string[] more)
    {
        string[] usual =
        [
            "--data", "meter", "--password-file", "meter-password",
            "--node", node.Page, "--mqtt-port", node.MqttPort.ToString(CultureInfo.InvariantCulture),
        ];
        var kept = usual.Chunk(2).Where(pair => !more.Contains(pair[0], StringComparer.Ordinal)).SelectMany(pair => pair);
        return ["device", "--simulated", .. kept, .. more];
    }
}
