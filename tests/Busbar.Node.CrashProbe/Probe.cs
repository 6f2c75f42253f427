using System.Globalization;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Node.Clock;
using Busbar.Node.Community;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Node.CrashProbe;

/// <summary>
/// A node in a process of its own, to be killed. Its first line says the port of MQTT and the page; each line on standard input is an instant
/// in Unix seconds to move the clock to, answered, when all that is due is on the ledger, with the newest block.
/// </summary>
public static class Probe
{
    public const int Meters = 4;

    private static readonly Hash256 Firmware = Keccak256.Hash("a meter of the tests"u8);

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments[0] == NotificationProbe.Word)
            return await NotificationProbe.RunAsync(arguments);
        using var keys = NodeKeys.ForDemonstration(7);
        var options = Options(arguments[0], Seconds(arguments[1]), Seconds(arguments[2]));
        await using var node = await BusbarNode.StartAsync(options, keys, NullLoggerFactory.Instance, progress: null, CancellationToken.None);
        await Console.Out.WriteLineAsync($"port {node.MqttPort} {node.Page}");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            await node.AdvanceAsync(Seconds(line), settle: true, CancellationToken.None);
            await node.SettledAsync();
            var head = await node.Chain.HeadAsync(CancellationToken.None);
            await Console.Out.WriteLineAsync($"head {head.Number} {head.Hash}");
        }

        return 0;
    }

    public static string NameOf(int meter) => $"house {meter + 1}";

    private static NodeOptions Options(string folder, Instant genesis, Instant now) => new()
    {
        DataFolder = folder,
        Community = new()
        {
            Name = "Test village",
            Zone = DateTimeZone.Utc,
            Microgrids = [new(new(1), "Test grid", [.. Enumerable.Range(0, Meters).Select(Describe)])],
        },
        Genesis = genesis,
        SteppedClock = new SteppedClock(now),
        SystemClock = new SteppedClock(now),
        HttpPort = 0,
        MqttPort = 0,
    };

    private static MeterDescription Describe(int meter)
    {
        using var key = PrivateKey.FromSeed(Encoding.UTF8.GetBytes($"test meter {NameOf(meter)}"));
        return new(new(key.Address), NameOf(meter), MeterKind.Premises) { Firmware = Firmware };
    }

    private static Instant Seconds(string text) => Instant.FromUnixTimeSeconds(long.Parse(text, CultureInfo.InvariantCulture));
}
