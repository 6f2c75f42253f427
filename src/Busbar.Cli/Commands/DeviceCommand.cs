using System.CommandLine;
using System.Text;
using Busbar.Cli.Devices;
using Busbar.Cli.Running;
using Busbar.Cli.Trade;
using Busbar.Cryptography;
using Busbar.Device.Boards;
using Busbar.Device.Buffer;
using Busbar.Device.Identity;
using Busbar.Device.Link;
using Busbar.Device.Meters;
using Busbar.Domain.Channels;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Mqtt;

namespace Busbar.Cli.Commands;

/// <summary><c>busbar device</c>: a meter. So far on a simulated board.</summary>
internal static class DeviceCommand
{
    private const int KeptDays = 35;
    private const int MinutesOfADay = 24 * 60;

    // A person in front of the meter sees it come back soon; a street of real meters has the library's longer pause.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    public static Command Create()
    {
        var simulated = new Option<bool>("--simulated") { Description = "a board that exists in software only" };
        var data = new Option<string>("--data")
        {
            Description = "the meter's folder: its key and the readings that are not acknowledged",
            DefaultValueFactory = _ => "busbar-meter",
        };
        var password = new Option<string>("--password-file") { Description = "file with the password of the meter's key", Required = true };
        var show = new Option<bool>("--show-address") { Description = "make the key if there is none, print its address, and stop" };
        var node = new Option<string>("--node")
        {
            Description = "the node's page: its host, and where chain and contracts are read at the first start",
            DefaultValueFactory = _ => "http://127.0.0.1:8080",
        };
        var port = new Option<int>("--mqtt-port") { Description = "the node's MQTT port", DefaultValueFactory = _ => 1883 };
        var token = new Option<string?>("--token-file") { Description = "file with the token that busbar up --tokens prints for this meter" };
        var pay = new Option<string?>("--pay") { Description = "a payment channel that this meter's key signs for: it pays by itself for what flows" };
        var limit = new Option<string?>("--pay-limit") { Description = "the most that it promises through that channel, in coins such as 1.5" };
        var command = new Command("device", "A meter: signs with its own key, keeps readings while the link is down.")
        {
            simulated, data, password, show, node, port, token, pay, limit, TradeCommands.OfDevice(),
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new(
                parsed.GetValue(simulated),
                parsed.GetRequiredValue(data),
                parsed.GetRequiredValue(password),
                parsed.GetValue(show),
                parsed.GetRequiredValue(node),
                parsed.GetValue(port),
                parsed.GetValue(token),
                Paying(parsed.GetValue(pay), parsed.GetValue(limit))),
            cancellation));
        return command;
    }

    private static (ChannelId Channel, Coin Limit)? Paying(string? channel, string? limit)
    {
        if (channel is null && limit is null)
            return null;
        if (channel is null || !Hash256.TryParse(channel, out var id))
            throw new CommandFailure("--pay is a channel's id of 0x and 64 hexadecimal digits");
        // A meter is nobody to ask, so it is told beforehand how far it may go.
        return Coin.TryParse(limit ?? "", out var most) && most > Coin.Zero
            ? (new(id), most)
            : throw new CommandFailure("--pay needs --pay-limit: the most that the meter promises, coins above 0 such as 1.5");
    }

    private static async Task<int> RunAsync(DeviceOptions options, CancellationToken cancellation)
    {
        var password = Secrets.ReadPassword(options.PasswordFile);
        if (options.ShowAddress)
        {
            using var identity = Opened(options.Data, () => MeterIdentity.Open(options.Data, password, KeystoreCost.Light));
            Console.Out.WriteLine(identity.Id);
            return 0;
        }

        if (!options.Simulated)
            throw new CommandFailure("no board is known on this machine yet; busbar device --simulated runs one in software");
        if (options.TokenFile is null)
            throw new CommandFailure("--token-file is missing: busbar up --tokens prints the meter's token");
        var token = Secrets.ReadPassword(options.TokenFile);
        var node = Http.Endpoint("--node", options.Node);
        var community = await MeterCommunity.LearnAsync(options.Data, node, cancellation);
        var voice = new LinkVoice();
        using var device = Opened(options.Data, () => MeterDevice.Open(
            new()
            {
                Folder = options.Data,
                Password = password,
                Domain = community.Domain,
                Community = community.Signer,
                Length = community.Length,
                Firmware = SteppedRun.Firmware,
                BufferCapacity = Math.Max(ReadingBuffer.DefaultCapacity, KeptDays * MinutesOfADay / community.Length.Minutes),
                Link = meter => LinkOf(meter, node.Host, options.Port, token, voice),
            },
            new SimulatedBoard(TimeProvider.System),
            TimeProvider.System));
        Terminal.Say($"meter {device.Id}, boot {device.Boot}, {Terminal.Count(device.Buffer.Waiting, "reading")} to be sent; stop with Ctrl+C");
        using var payer = options.Paying is var (channel, limit)
            ? await MeterPayer.OpenAsync(device, community, node, channel, limit, cancellation)
            : null;
        return await RunAsync(device, voice, payer, cancellation);
    }

    private static async Task<int> RunAsync(MeterDevice device, LinkVoice voice, MeterPayer? payer, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = device.RunAsync(either.Token);
        var paying = payer?.RunAsync(either.Token) ?? Task.CompletedTask;
        // A meter goes on when nothing is to be paid any more, not when it cannot keep what it paid.
        await Task.WhenAny(running, voice.NotAdmitted, FailureOf(paying));
        await either.CancelAsync();
        try
        {
            await Task.WhenAll(running, paying);
        }
        catch (OperationCanceledException)
        {
            // Stopped by the person in front, or by the node's refusal below.
        }
        catch (IOException failure)
        {
            throw new CommandFailure(
                $"the meter's folder cannot be written ({failure.Message}); what was signed before is kept. Make room, then start again");
        }

        if (voice.NotAdmitted.IsCompleted)
            throw new CommandFailure(await voice.NotAdmitted);
        Terminal.Say($"stopped; {Terminal.Count(device.Buffer.Waiting, "reading")} to be sent at the next start");
        return 0;
    }

    private static Task FailureOf(Task task)
    {
        var failed = new TaskCompletionSource();
        _ = task.ContinueWith(_ => failed.SetResult(), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return failed.Task;
    }

    private static MeterLinkOptions LinkOf(MeterId meter, string host, int port, string token, LinkVoice voice) => new()
    {
        Connection = new MqttClientOptions
        {
            Host = host,
            Port = port,
            ClientId = meter.ToString(),
            UserName = meter.ToString(),
            Password = Encoding.UTF8.GetBytes(token),
        },
        LongestPause = LongestPause,
        Observer = voice,
    };

    internal static T Opened<T>(string folder, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (KeystoreException wrong)
        {
            throw new CommandFailure($"the key in {folder} cannot be opened: {wrong.Message}; give the password that it was made with");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                $"the meter's folder {folder} cannot be used ({failure.Message}); "
                + "if this meter runs already, stop it first, else give another with --data");
        }
    }

    private sealed record DeviceOptions(
        bool Simulated,
        string Data,
        string PasswordFile,
        bool ShowAddress,
        string Node,
        int Port,
        string? TokenFile,
        (ChannelId Channel, Coin Limit)? Paying);
}
