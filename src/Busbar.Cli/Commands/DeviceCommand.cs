using System.CommandLine;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Device.Boards;
using Busbar.Device.Identity;
using Busbar.Device.Link;
using Busbar.Device.Meters;
using Busbar.Domain.Metering;
using Busbar.Mqtt;

namespace Busbar.Cli.Commands;

/// <summary><c>busbar device</c>: a meter. So far on a simulated board.</summary>
internal static class DeviceCommand
{
    public static Command Create()
    {
        var simulated = new Option<bool>("--simulated") { Description = "a board that exists in software only" };
        var data = new Option<string>("--data") { Description = "the meter's folder: its key and the readings that are not acknowledged", DefaultValueFactory = _ => "busbar-meter" };
        var password = new Option<string>("--password-file") { Description = "file with the password of the meter's key", Required = true };
        var show = new Option<bool>("--show-address") { Description = "make the key if there is none, print its address, and stop" };
        var node = new Option<string>("--node") { Description = "the node's page, from which the chain and the contracts are read once", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
        var port = new Option<int>("--mqtt-port") { Description = "the node's MQTT port", DefaultValueFactory = _ => 1883 };
        var token = new Option<string?>("--token-file") { Description = "file with the token that busbar up --tokens prints for this meter" };
        var command = new Command("device", "A meter: signs with its own key, keeps readings while the link is down.")
        {
            simulated, data, password, show, node, port, token,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new(
                parsed.GetValue(simulated),
                parsed.GetRequiredValue(data),
                parsed.GetRequiredValue(password),
                parsed.GetValue(show),
                parsed.GetRequiredValue(node),
                parsed.GetValue(port),
                parsed.GetValue(token)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(DeviceOptions options, CancellationToken cancellation)
    {
        var password = Secrets.ReadPassword(options.PasswordFile);
        if (options.ShowAddress)
        {
            using var identity = MeterIdentity.Open(options.Data, password, KeystoreCost.Light);
            Console.Out.WriteLine(identity.Id);
            return 0;
        }

        if (!options.Simulated)
            throw new CommandFailure("no board is known on this machine yet; busbar device --simulated runs one in software");
        if (options.TokenFile is null)
            throw new CommandFailure("--token-file is missing: busbar up --tokens prints the meter's token");
        var token = Secrets.ReadPassword(options.TokenFile);
        var (domain, length) = await AskNodeAsync(options.Node, cancellation);
        using var device = MeterDevice.Open(
            new()
            {
                Folder = options.Data,
                Password = password,
                Domain = domain,
                Length = length,
                Firmware = SteppedRun.Firmware,
                Link = meter => LinkOf(meter, options.Port, token),
            },
            new SimulatedBoard(TimeProvider.System),
            TimeProvider.System);
        Terminal.Say($"meter {device.Id}, boot {device.Boot}; stop with Ctrl+C");
        await device.RunAsync(cancellation);
        return 0;
    }

    private static MeterLinkOptions LinkOf(MeterId meter, int port, string token) => new()
    {
        Connection = new MqttClientOptions
        {
            Port = port,
            ClientId = meter.ToString(),
            UserName = meter.ToString(),
            Password = Encoding.ASCII.GetBytes(token),
        },
    };

    private static async Task<(SigningDomain Domain, IntervalLength Length)> AskNodeAsync(string node, CancellationToken cancellation)
    {
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(node) };
            var community = await http.GetFromJsonAsync<JsonElement>("/api/v1/community", cancellation);
            var meters = community.GetProperty("contracts").GetProperty("meters").GetString();
            return (
                new(community.GetProperty("chainId").GetUInt64(), Address.Parse(meters)),
                IntervalLength.FromMinutes(community.GetProperty("intervalMinutes").GetInt32()));
        }
        catch (Exception exception) when (exception is HttpRequestException or UriFormatException or JsonException or KeyNotFoundException)
        {
            throw new CommandFailure($"no node answers at {node} ({exception.Message}); start it with busbar up, or give its page with --node");
        }
    }

    private sealed record DeviceOptions(
        bool Simulated, string Data, string PasswordFile, bool ShowAddress, string Node, int Port, string? TokenFile);
}
