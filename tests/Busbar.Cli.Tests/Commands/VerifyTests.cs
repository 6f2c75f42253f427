using System.Text.Json.Nodes;
using Busbar.Cli.Tests.Running;

namespace Busbar.Cli.Tests.Commands;

[Collection(ReplayCases.Name)]
public sealed class VerifyTests(ReplayFixture replay)
{
    [Fact]
    public async Task Verify_KeptFolderOfAStoppedReplay_GenuineForgedAndUntouched()
    {
        Forge("forged.json", "intervalImport", "1");
        var engine = Listing("engine");
        var genuine = await RunAsync("proof.json", "--data", "kept");
        Assert.StartsWith("genuine: signed by its meter and anchored", genuine.Succeeded().Output, StringComparison.Ordinal);
        var forged = await RunAsync("forged.json", "--data", "kept", "--json");
        Assert.Equal(1, forged.ExitCode);
        Assert.False(JsonNode.Parse(forged.Output)!["genuine"]!.GetValue<bool>());
        Assert.Equal(engine, Listing("engine"));
    }

    [Fact]
    public async Task Verify_NodeRunsInTheFolder_SaysSo()
    {
        await using var node = new FileStream(replay.Work["kept/busbar.lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        (await RunAsync("proof.json", "--data", "kept")).FailedPlainly(1, "kept is in use by another Busbar; stop that one");
    }

    [Fact]
    public async Task Verify_WhatCannotBeAsked_SaysWhatToDo()
    {
        Directory.CreateDirectory(replay.Work["none"]);
        replay.Work.Write("text.json", "no proof");
        (await RunAsync("proof.json", "--data", "none")).FailedPlainly(1, "none is no data folder of a node");
        (await RunAsync("absent.json", "--data", "kept")).FailedPlainly(1, "there is no file absent.json");
        (await RunAsync("proof.json")).FailedPlainly(2, "--addresses", "--data");
        (await RunAsync("proof.json", "--data", "kept", "--rpc", "http://127.0.0.1:9")).FailedPlainly(2, "--data DIR without --rpc");
        (await RunAsync("proof.json", "--addresses", "absent.json")).FailedPlainly(1, "absent.json cannot be read");
        var text = await RunAsync("text.json", "--addresses", "kept/addresses.json");
        Assert.Equal((1, true), (text.ExitCode, text.Output.StartsWith("NOT PROVEN: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Verify_ByRpc_UnreachableOrOfAnotherChain()
    {
        const string addresses = "kept/addresses.json";
        (await RunAsync("proof.json", "--addresses", addresses, "--rpc", "chain")).FailedPlainly(1, "--rpc is an address");
        (await RunAsync("proof.json", "--addresses", addresses, "--rpc", "http://127.0.0.1:1"))
            .FailedPlainly(1, "the chain at http://127.0.0.1:1/ cannot be read");
        await using var other = new FakeChain(("eth_chainId", "0x7"));
        var wrong = await RunAsync("proof.json", "--addresses", addresses, "--rpc", other.Address);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("the chain that was asked is 7", wrong.Output, StringComparison.Ordinal);
    }

    private void Forge(string name, string member, string value)
    {
        var document = JsonNode.Parse(File.ReadAllText(replay.Work["proof.json"]))!;
        document["leaf"]![member] = value;
        replay.Work.Write(name, document.ToJsonString());
    }

    private string[] Listing(string folder) =>
    [
        .. Directory.EnumerateFiles(replay.Work[Path.Combine("kept", folder)])
            .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}").Order(StringComparer.Ordinal),
    ];

    private Task<Outcome> RunAsync(params string[] arguments) => BusbarProgram.RunAsync(replay.Work.Folder, ["verify", "reading", .. arguments]);
}
