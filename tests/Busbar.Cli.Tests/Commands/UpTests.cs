using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Busbar.Cli.Tests.Running;

namespace Busbar.Cli.Tests.Commands;

public sealed class UpTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    private static readonly string[] FreePorts = ["--http-port", "0", "--mqtt-port", "0"];

    [Fact]
    public async Task Up_FolderPortEngineOrFileOfNoUse_SaysWhatToDo()
    {
        (await UpAsync(FreePorts)).FailedPlainly(1, "busbar-data is in use by another Busbar; stop that one");
        (await UpAsync([.. FreePorts, "--data", "new", "--config", "absent.yaml"])).FailedPlainly(1, "there is no absent.yaml");
        node.Work.Write("typo.yaml", "name: Hill village\nzones: Asia/Kolkata\n");
        (await UpAsync([.. FreePorts, "--data", "new", "--config", "typo.yaml"])).FailedPlainly(1, "typo.yaml, line 2");
        (await node.RunAsync("up", "--password-file", "meter-password", "--tokens")).FailedPlainly(1, "cannot be opened");
        (await node.RunAsync("up", "--password-file", "absent")).FailedPlainly(1, "there is no password file absent");
        (await node.RunAsync("up")).FailedPlainly(2, "--password-file");
        string[] arguments = ["up", "--password-file", "node-password", .. FreePorts, "--data", "new"];
        (await BusbarProgram.RunAsync(node.Work.Folder, [("BUSBAR_ANVIL", "/no/anvil")], arguments))
            .FailedPlainly(1, "there is no Anvil at /no/anvil");

        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        (await UpAsync("--data", "new", "--http-port", "0", "--mqtt-port", port)).FailedPlainly(1, $"or {port} on 127.0.0.1 is taken", "--mqtt-port");
        // Nothing was lost: the same folder starts when the port is free.
        await using var later = LivingProgram.Start(node.Work.Folder, ["up", "--password-file", "node-password", "--data", "new", .. FreePorts]);
        await later.HearAsync("The community's page");
        Assert.Equal(0, await later.StopAsync());
    }

    private Task<Outcome> UpAsync(params string[] more) => node.RunAsync(["up", "--password-file", "node-password", .. more]);
}
