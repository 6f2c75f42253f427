using System.Globalization;
using System.Net;
using System.Text;
using Busbar.Cryptography;
using Busbar.Device.Meters;
using Busbar.Domain.Metering;
using Busbar.Mqtt;

namespace Busbar.Device.CrashProbe;

/// <summary>
/// A few meters in one process, each in a folder of its own, that run until they are killed. Arguments: a folder, and the port of the node.
/// It says the meters' addresses, one a line.
/// </summary>
public static class Probe
{
    public const int Meters = 4;

    public static readonly SigningDomain Domain = new(31337, new Address(new byte[] { 1 }.Concat(new byte[19]).ToArray()));

    public static PrivateKey Community() => PrivateKey.FromSeed("a community whose meters are killed"u8);

    public static async Task<int> Main(string[] arguments)
    {
        var port = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        using var community = Community();
        var running = new List<Task>();
        for (var i = 0; i < Meters; i++)
        {
            var folder = Path.Combine(arguments[0], $"meter {i}");
            Directory.CreateDirectory(folder);
            var board = new LatchingBoard(Path.Combine(folder, "open"));
            var device = MeterDevice.Open(Options(folder, community.Address, port), board, TimeProvider.System);
            await Console.Out.WriteLineAsync(device.Id.ToString());
            running.Add(device.RunAsync(CancellationToken.None));
        }

        await Task.WhenAny(running).Unwrap();
        return 1;
    }

    private static MeterDeviceOptions Options(string folder, Address community, int port) => new()
    {
        Folder = folder,
        Password = "secret",
        KeystoreCost = new(2, 1),
        Domain = Domain,
        Community = community,
        Firmware = Keccak256.Hash("a meter that is killed"u8),
        SamplePeriod = TimeSpan.FromMilliseconds(5),
        Link = meter => new()
        {
            Connection = new MqttClientOptions
            {
                Host = IPAddress.Loopback.ToString(),
                Port = port,
                ClientId = meter.ToString(),
                UserName = meter.ToString(),
                Password = Encoding.UTF8.GetBytes("a token"),
            },
            FirstPause = TimeSpan.FromMilliseconds(5),
            LongestPause = TimeSpan.FromMilliseconds(50),
        },
    };
}
