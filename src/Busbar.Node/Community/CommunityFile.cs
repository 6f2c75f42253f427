using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Busbar.Node.Community;

/// <summary>A community's description as a YAML file; <c>docs/community.md</c> has an example.</summary>
public static class CommunityFile
{
    private const long MostBytes = 4 * 1024 * 1024;

    // As the contract has it.
    private const int MostRegulators = 32;

    // The ledger takes no meter without a firmware; this name stands for "nobody said which".
    private static readonly Hash256 UnknownFirmware = Keccak256.Hash("Busbar unknown firmware"u8);

    /// <summary>The name of the file that a set-up in the page writes into the data folder.</summary>
    public const string SetUpName = "community.yaml";

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="NodeStartException">It is missing or wrong; the message tells where and what is expected.</exception>
    public static CommunityDescription Read(string path)
    {
        if (!File.Exists(path))
            throw new NodeStartException($"there is no {path}; describe the community in it as docs/community.md shows, or give another with --config");
        if (new FileInfo(path).Length > MostBytes)
            throw new NodeStartException($"{path} is larger than {MostBytes} bytes");
        try
        {
            var form = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build()
                .Deserialize<Form?>(File.ReadAllText(path));
            return (form ?? throw new NodeStartException($"{path} is empty")).ToDescription(path);
        }
        catch (YamlException exception)
        {
            throw new NodeStartException($"{path}, line {exception.Start.Line}: {exception.InnerException?.Message ?? exception.Message}", exception);
        }
    }

    /// <summary>A community without meters as the text of its file; <see cref="Read"/> gives it back.</summary>
    internal static string Write(CommunityDescription community) =>
        new SerializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance)
            .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull | DefaultValuesHandling.OmitEmptyCollections)
            .WithQuotingNecessaryStrings().Build()
            .Serialize(new Form
            {
                Name = community.Name,
                Zone = community.Zone.Id,
                IntervalMinutes = community.Rules.Length.Minutes,
                WaitingMinutes = community.Rules.Waiting.TotalMinutes,
                ConnectionWatts = community.Rules.Connection.Watts,
                Supply = community.Supply is { } supply ? SupplyForm.Of(supply) : null,
                Regulators = [.. community.Regulators.Select(regulator => regulator.ToString())],
                Microgrids = [.. community.Microgrids.Select(microgrid => new MicrogridForm { Id = microgrid.Id.Number, Name = microgrid.Name })],
            });

    private sealed class Form
    {
        public string? Name { get; set; }

        public string? Zone { get; set; }

        public int IntervalMinutes { get; set; } = 15;

        public double WaitingMinutes { get; set; } = 5;

        public double ConnectionWatts { get; set; } = 25_000;

        public SupplyForm? Supply { get; set; }

        public List<string> Regulators { get; set; } = [];

        public List<MicrogridForm> Microgrids { get; set; } = [];

        public CommunityDescription ToDescription(string path)
        {
            string Need(string? value, string member) =>
                string.IsNullOrWhiteSpace(value) ? throw new NodeStartException($"{path}: {member} is missing") : value;
            var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(Need(Zone, "zone"))
                ?? throw new NodeStartException($"{path}: zone {Zone} is no IANA zone such as Asia/Kolkata");
            if (IntervalMinutes is not (1 or 5 or 15 or 30 or 60))
                throw new NodeStartException($"{path}: intervalMinutes is 1, 5, 15, 30 or 60, not {IntervalMinutes}");
            if (WaitingMinutes is not (>= 0 and <= 1440) || ConnectionWatts is not (> 0 and <= 100_000_000))
                throw new NodeStartException($"{path}: waitingMinutes is 0 to 1440, connectionWatts above 0 to 100000000");
            if (Microgrids.Count == 0 || Microgrids.Exists(microgrid => microgrid.Id == 0))
                throw new NodeStartException($"{path}: microgrids has one or more, each with an id of 1 or more");
            if (Microgrids.DistinctBy(microgrid => microgrid.Id).Count() != Microgrids.Count)
                throw new NodeStartException($"{path}: two microgrids have the same id");
            if (Regulators.Find(text => !Address.TryParse(text, out _)) is { } wrong)
                throw new NodeStartException($"{path}: regulator {wrong} is no address (0x and 40 digits; mixed case must match its checksum)");
            Address[] regulators = [.. Regulators.Select(text => Address.Parse(text))];
            if (regulators.Distinct().Count() != regulators.Length || regulators.Length > MostRegulators)
                throw new NodeStartException($"{path}: regulators has at most {MostRegulators}, none twice");
            return new()
            {
                Name = Need(Name, "name"),
                Zone = zone,
                Supply = Supply?.ToCalendar(path, zone),
                Regulators = regulators,
                Rules = new()
                {
                    Length = IntervalLength.FromMinutes(IntervalMinutes),
                    Waiting = Duration.FromMinutes(WaitingMinutes),
                    Connection = Power.FromWatts(ConnectionWatts),
                },
                Microgrids = [.. Microgrids.Select(microgrid => new MicrogridDescription(
                    new(microgrid.Id),
                    Need(microgrid.Name, $"name of microgrid {microgrid.Id}"),
                    [.. microgrid.Meters.Select(meter => meter.ToDescription(path))]))],
            };
        }
    }

    private sealed class MicrogridForm
    {
        public uint Id { get; set; }

        public string? Name { get; set; }

        public List<MeterForm> Meters { get; set; } = [];
    }

    private sealed class MeterForm
    {
        public string? Meter { get; set; }

        public string? Name { get; set; }

        public string Kind { get; set; } = "premises";

        public string? Participant { get; set; }

        public bool Produces { get; set; }

        public double? ConnectionWatts { get; set; }

        public string? Firmware { get; set; }

        public MeterDescription ToDescription(string path)
        {
            if (!Address.TryParse(Meter, out var key))
                throw new NodeStartException($"{path}: meter {Meter} is no address (0x and 40 digits; mixed case must match its checksum)");
            if (string.IsNullOrWhiteSpace(Name))
                throw new NodeStartException($"{path}: meter {Meter} has no name");
            if (!Enum.TryParse<MeterKind>(Kind, ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || kind == MeterKind.None)
                throw new NodeStartException($"{path}: kind of {Name} is premises, transformer, plant or storage, not {Kind}");
            if (Participant is not null && !Address.TryParse(Participant, out _))
                throw new NodeStartException($"{path}: participant of {Name} is no address");
            if (Firmware is not null && !Hash256.TryParse(Firmware, out _))
                throw new NodeStartException($"{path}: firmware of {Name} is no 32-byte hash");
            if (ConnectionWatts is not null and not (> 0 and <= 100_000_000))
                throw new NodeStartException($"{path}: connectionWatts of {Name} is above 0 to 100000000");
            return new(new(key), Name, kind)
            {
                Participant = Participant is null ? null : Address.Parse(Participant),
                Produces = Produces,
                Connection = ConnectionWatts is { } watts ? Power.FromWatts(watts) : null,
                Firmware = Firmware is null ? UnknownFirmware : Hash256.Parse(Firmware),
            };
        }
    }
}
