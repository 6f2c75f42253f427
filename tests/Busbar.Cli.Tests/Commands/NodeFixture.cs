using System.Globalization;
using Busbar.Cli.Tests.Running;

namespace Busbar.Cli.Tests.Commands;

/// <summary>A node of the tour's community that runs, with a meter's key and token.</summary>
public sealed class NodeFixture : IAsyncLifetime
{
    private LivingProgram? _node;

    internal Workplace Work { get; } = new();

    internal string Page { get; private set; } = "";

    internal int MqttPort { get; private set; }

    public async Task InitializeAsync()
    {
        Work.Secret("node-password", "a long password for the node");
        Work.Secret("meter-password", "a long password for the meter");
        var meter = (await RunAsync("device", "--show-address", "--data", "meter", "--password-file", "meter-password")).Succeeded().Output.Trim();
        Work.Community(meter);
        var token = (await RunAsync("up", "--password-file", "node-password", "--tokens")).Succeeded().Output.Split(' ')[1];
        Work.Secret("meter-token", token);
        _node = LivingProgram.Start(Work.Folder, "up", "--password-file", "node-password", "--http-port", "0", "--mqtt-port", "0");
        Page = await _node.HearAsync("The community's page: (http://.*)$");
        MqttPort = int.Parse(await _node.HearAsync(@"by MQTT to port (\d+)"), CultureInfo.InvariantCulture);
    }

    public async Task DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        Work.Dispose();
    }

    internal Task<Outcome> RunAsync(params string[] arguments) => BusbarProgram.RunAsync(Work.Folder, arguments);

    /// <summary>Kills the node, and gives a copy of its folder that a test may spoil; the node is not started again.</summary>
    internal async Task<string> KilledAsync(string name)
    {
        await _node!.KillAsync();
        Directory.CreateDirectory(Work[name]);
        foreach (var path in Directory.EnumerateFiles(Work["busbar-data"], "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Work[name], Path.GetRelativePath(Work["busbar-data"], path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }

        return Work[name];
    }
}
