using System.CommandLine;
using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Ledger.Journal;
using Busbar.Node;
using Busbar.Node.Community;
using Busbar.Node.Intake;
using Busbar.Node.Notifications;
using Busbar.Node.SetUp;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Cli.Commands;

/// <summary><c>busbar up</c>: a community's node.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "the data folder; made at the first start", DefaultValueFactory = _ => "busbar-data" };
        var config = new Option<string?>("--config")
        {
            Description = "the community's description; without it community.yaml here, or in the data folder; without any the page sets one up",
        };
        var password = new Option<string>("--password-file")
        {
            Description = "file with the password of the node's keys, readable by its owner only",
            Required = true,
        };
        var httpPort = new Option<int>("--http-port") { Description = "port of page and API on this machine", DefaultValueFactory = _ => 8080 };
        var mqttPort = new Option<int>("--mqtt-port") { Description = "port of MQTT on this machine", DefaultValueFactory = _ => 1883 };
        var tokens = new Option<bool>("--tokens") { Description = "print each meter's token and stop: what its device connects with" };
        var notifications = new Option<string?>("--notifications") { Description = "the set-up of mail, push and webhooks; docs/notifications.md" };
        var doors = new DoorOptions();
        var command = new Command("up", "Runs a community's node until it is stopped.") { data, config, password, httpPort, mqttPort, tokens, notifications };
        doors.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(
            new(
                parsed.GetRequiredValue(data),
                parsed.GetValue(config),
                parsed.GetRequiredValue(password),
                parsed.GetValue(httpPort),
                parsed.GetValue(mqttPort),
                parsed.GetValue(tokens),
                parsed.GetValue(notifications),
                doors.Read(parsed)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(UpOptions options, CancellationToken cancellation)
    {
        var described = Description(options) is { } file ? CommunityFile.Read(file) : null;
        using var keys = KeyFolder.OpenOrCreate(Path.Combine(options.Data, "keys"), Secrets.ReadPassword(options.PasswordFile));
        if (options.Tokens)
        {
            var tokens = DeviceTokens.Of(keys, options.Data);
            foreach (var (_, meter) in (described ?? throw new CommandFailure("there is no community yet; start without --tokens to set one up")).AllMeters)
                Console.Out.WriteLine($"{meter.Meter} {tokens.For(meter.Meter)} {meter.Name}");
            return 0;
        }

        using var logs = Terminal.Logs(LogLevel.Information);
        Terminal.Say($"signatures by {Secp256k1.Implementation}");
        var nodeOptions = options.Doors with
        {
            DataFolder = options.Data,
            Community = described ?? options.Doors.Community,
            Genesis = Instant.FromUnixTimeSeconds(Clock.GetCurrentInstant().ToUnixTimeSeconds()),
            SystemClock = Clock,
            HttpPort = options.HttpPort,
            MqttPort = options.MqttPort,
            WebRoot = Product.WebRoot,
            Notifications = options.Notifications is { } set ? NotificationFile.Read(set) : new(),
        };
        await using var node = described is null
            ? await SetUpAsync(nodeOptions, keys, logs, cancellation)
            : await StartAsync(nodeOptions, keys, logs, cancellation);
        // Not to be broken off: who stops the node in this moment stops it like in any other.
        var setUpCode = await node.SetUpCodeAsync(CancellationToken.None);
        Console.Out.WriteLine($"The community's page: {node.Page}");
        if (setUpCode is { } code)
            Console.Out.WriteLine($"Nobody operates this node yet. Make your account at {node.Page}#/session/invitation with the code {code}");
        Terminal.Say($"Devices connect by MQTT to port {node.MqttPort}. Stop with Ctrl+C.");
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellation.Register(() => stopped.TrySetResult());
        await await Task.WhenAny(stopped.Task, node.Completion);
        Terminal.Say("stopping");
        return 0;
    }

    // The file that was named, or else the first that is there; null when the page has to set a community up.
    private static string? Description(UpOptions options) => options.Config
        ?? new[] { CommunityFile.SetUpName, NodeSetUp.FileIn(options.Data) }.FirstOrDefault(File.Exists);

    private static async Task<BusbarNode> SetUpAsync(NodeOptions options, NodeKeys keys, ILoggerFactory logs, CancellationToken cancellation)
    {
        await using var setUp = await NodeSetUp.OpenAsync(options, keys, logs, cancellation);
        if (setUp is null)
            return await StartAsync(options with { Community = CommunityFile.Read(NodeSetUp.FileIn(options.DataFolder)) }, keys, logs, cancellation);
        Console.Out.WriteLine($"This node has no community yet. Set one up at {setUp.Page}#/setup/code/{setUp.Code}");
        return await setUp.StartAsync(new Telling<StartStep>(step => Terminal.Say(step.What)), cancellation);
    }

    private static async Task<BusbarNode> StartAsync(NodeOptions options, NodeKeys keys, ILoggerFactory logs, CancellationToken cancellation)
    {
        try
        {
            return await BusbarNode.StartAsync(options, keys, logs, new Telling<StartStep>(step => Terminal.Say(step.What)), cancellation);
        }
        catch (JournalDamagedException damaged)
        {
            throw new CommandFailure(
                $"{damaged.Message}. Nothing was changed. Put a backup in the place of {options.DataFolder}; without one, "
                + $"busbar repair --data {options.DataFolder} --journal {damaged.Journal} cuts the end off and keeps what it cuts off");
        }
    }

    // The composition root: the one place that may read the machine's clock.
#pragma warning disable RS0030
    internal static IClock Clock => SystemClock.Instance;
#pragma warning restore RS0030

    private sealed record UpOptions(string Data, string? Config, string PasswordFile, int HttpPort, int MqttPort, bool Tokens, string? Notifications, NodeOptions Doors);
}
