using System.CommandLine;
using System.Net;
using Busbar.Cli.Running;
using Busbar.Node;
using NodaTime;

namespace Busbar.Cli.Commands;

/// <summary>Where a node is reached from: this machine alone, or others by HTTPS.</summary>
internal sealed class DoorOptions
{
    private readonly Option<string[]> _hosts = new("--host")
    {
        Description = "a name or address by which other machines reach the page, such as busbar.local; may be given again; turns HTTPS on",
    };

    private readonly Option<string?> _address = new("--address") { Description = "the address to listen on; with --host every address of this machine" };

    private readonly Option<int> _httpsPort = new("--https-port") { Description = "port of HTTPS", DefaultValueFactory = _ => 8443 };

    private readonly Option<string?> _certificate = new("--certificate")
    {
        Description = "a certificate in PEM with its chain; without it the home's own authority vouches (docs/https.md)",
    };

    private readonly Option<string?> _certificateKey = new("--certificate-key") { Description = "the certificate's private key in PEM" };

    private readonly Option<string?> _mqttAddress = new("--mqtt-address") { Description = "the address that devices reach MQTT on; this machine alone by default" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _hosts, _address, _httpsPort, _certificate, _certificateKey, _mqttAddress })
            command.Options.Add(option);
    }

    /// <summary>Options of a node that say only where its doors are.</summary>
    /// <exception cref="CommandFailure">They contradict each other.</exception>
    public NodeOptions Read(ParseResult parsed)
    {
        var hosts = parsed.GetValue(_hosts) ?? [];
        if (parsed.GetValue(_certificate) is null != parsed.GetValue(_certificateKey) is null)
            throw new CommandFailure("give --certificate and --certificate-key together, or neither");
        if (hosts.Length == 0 && (parsed.GetValue(_certificate) is not null || parsed.GetValue(_address) is not null))
            throw new CommandFailure("name with --host how other machines reach the page; without it the page is for this machine alone");
        return new()
        {
            DataFolder = "",
            Community = new() { Name = "", Zone = DateTimeZone.Utc, Microgrids = [] },
            Genesis = default,
            SystemClock = UpCommand.Clock,
            Address = hosts.Length == 0 ? IPAddress.Loopback : AddressOf(parsed.GetValue(_address), IPAddress.Any),
            MqttAddress = AddressOf(parsed.GetValue(_mqttAddress), IPAddress.Loopback),
            Https = hosts.Length == 0 ? null : new()
            {
                Port = parsed.GetValue(_httpsPort),
                Hosts = hosts,
                CertificateFile = parsed.GetValue(_certificate),
                CertificateKeyFile = parsed.GetValue(_certificateKey),
            },
        };
    }

    private static IPAddress AddressOf(string? text, IPAddress otherwise) => text is null ? otherwise
        : IPAddress.TryParse(text, out var address) ? address
        : throw new CommandFailure($"{text} is no address such as 192.168.1.10");
}
