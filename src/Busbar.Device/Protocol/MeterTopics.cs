using Busbar.Domain.Metering;

namespace Busbar.Device.Protocol;

/// <summary>The MQTT topics of one meter, made once: it uses them for every message.</summary>
/// <param name="meter">Whose.</param>
public sealed class MeterTopics(MeterId meter)
{
    /// <summary>Where the node says what time it is, for all.</summary>
    public const string Time = DeviceTopic.Time;

    /// <summary>Signed readings, QoS 1, from the meter.</summary>
    public string Reading { get; } = DeviceTopic.For(meter, DeviceChannel.Reading);

    /// <summary>Unsigned measurements, QoS 0, from the meter.</summary>
    public string Telemetry { get; } = DeviceTopic.For(meter, DeviceChannel.Telemetry);

    /// <summary>What happened at the meter, QoS 1.</summary>
    public string Event { get; } = DeviceTopic.For(meter, DeviceChannel.Event);

    /// <summary>Whether the meter is connected, retained; also the topic of its will.</summary>
    public string State { get; } = DeviceTopic.For(meter, DeviceChannel.State);

    /// <summary>Commands to the meter.</summary>
    public string Command { get; } = DeviceTopic.For(meter, DeviceChannel.Command);

    /// <summary>Refused readings with their reasons, to the meter.</summary>
    public string Refused { get; } = DeviceTopic.For(meter, DeviceChannel.Refused);

    /// <summary>The ledger's permits, to the meter.</summary>
    public string Permit { get; } = DeviceTopic.For(meter, DeviceChannel.Permit);

    /// <summary>The calendar of rate bands, to the meter.</summary>
    public string Calendar { get; } = DeviceTopic.For(meter, DeviceChannel.Calendar);

    /// <summary>The community's orders to deliver, to the meter.</summary>
    public string Order { get; } = DeviceTopic.For(meter, DeviceChannel.Order);

    /// <summary>What becomes of deliveries, QoS 1, from the meter.</summary>
    public string Delivery { get; } = DeviceTopic.For(meter, DeviceChannel.Delivery);
}
