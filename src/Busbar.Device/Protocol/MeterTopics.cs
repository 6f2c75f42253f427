using Busbar.Domain.Metering;

namespace Busbar.Device.Protocol;

/// <summary>The MQTT topics of one meter, version 1 of the device protocol.</summary>
public sealed class MeterTopics
{
    /// <summary>Where the node says what time it is, for all.</summary>
    public const string Time = "busbar/v1/time";

    /// <summary>The topics of a meter.</summary>
    public MeterTopics(MeterId meter)
    {
        var root = $"busbar/v1/{meter}/";
        Reading = root + "reading";
        Telemetry = root + "telemetry";
        Event = root + "event";
        State = root + "state";
        Command = root + "command";
        Refused = root + "refused";
        Permit = root + "permit";
        Calendar = root + "calendar";
    }

    /// <summary>Signed readings, QoS 1, from the meter.</summary>
    public string Reading { get; }

    /// <summary>Unsigned measurements, QoS 0, from the meter.</summary>
    public string Telemetry { get; }

    /// <summary>What happened at the meter, QoS 1.</summary>
    public string Event { get; }

    /// <summary>Whether the meter is connected, retained; also the topic of its will.</summary>
    public string State { get; }

    /// <summary>Commands to the meter.</summary>
    public string Command { get; }

    /// <summary>Refused readings with their reasons, to the meter.</summary>
    public string Refused { get; }

    /// <summary>The ledger's permits, to the meter.</summary>
    public string Permit { get; }

    /// <summary>The calendar of rate bands, to the meter.</summary>
    public string Calendar { get; }
}
