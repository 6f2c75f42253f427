using Busbar.Cryptography;

namespace Busbar.Domain.Metering;

/// <summary>What a device's topic is for.</summary>
public enum DeviceChannel
{
    /// <summary>Not set.</summary>
    None = 0,

    /// <summary>Signed readings, from the device.</summary>
    Reading,

    /// <summary>Unsigned measurements, from the device.</summary>
    Telemetry,

    /// <summary>What happened at the device, from it.</summary>
    Event,

    /// <summary>Whether the device is connected, retained; also the topic of its will.</summary>
    State,

    /// <summary>Commands to the device.</summary>
    Command,

    /// <summary>Refused readings with their reasons, to the device.</summary>
    Refused,

    /// <summary>The ledger's permits, to the device.</summary>
    Permit,

    /// <summary>The calendar of rate bands, to the device.</summary>
    Calendar,

    /// <summary>The community's orders to deliver, to the device.</summary>
    Order,

    /// <summary>What becomes of deliveries, from the device.</summary>
    Delivery,
}

/// <summary>
/// The MQTT topics of version 1 of the device protocol: <c>busbar/v1/{meter}/{channel}</c>, the meter in small letters. The one
/// place that spells them, for the node and for devices.
/// </summary>
public static class DeviceTopic
{
    /// <summary>Where the node says what time it is, for all.</summary>
    public const string Time = Prefix + "time";

    private const string Prefix = "busbar/v1/";
    private const int MeterLength = 42;

    /// <summary>The topic of a device's channel.</summary>
    public static string For(MeterId meter, DeviceChannel channel) => $"{Prefix}{meter}/{NameOf(channel)}";

    /// <summary>Reads a topic; false where it is no device's, or spelled in another way.</summary>
    public static bool TryParse(string topic, out MeterId meter, out DeviceChannel channel)
    {
        ArgumentNullException.ThrowIfNull(topic);
        meter = default;
        channel = DeviceChannel.None;
        if (!topic.StartsWith(Prefix, StringComparison.Ordinal) || topic.Length < Prefix.Length + MeterLength + 2)
            return false;
        var name = topic.AsSpan(Prefix.Length, MeterLength);
        if (topic[Prefix.Length + MeterLength] != '/' || name.ContainsAnyInRange('A', 'F') || !Address.TryParse(name, out var key))
            return false;
        meter = new(key);
        channel = topic.AsSpan(Prefix.Length + MeterLength + 1) switch
        {
            "reading" => DeviceChannel.Reading,
            "telemetry" => DeviceChannel.Telemetry,
            "event" => DeviceChannel.Event,
            "state" => DeviceChannel.State,
            "command" => DeviceChannel.Command,
            "refused" => DeviceChannel.Refused,
            "permit" => DeviceChannel.Permit,
            "calendar" => DeviceChannel.Calendar,
            "order" => DeviceChannel.Order,
            "delivery" => DeviceChannel.Delivery,
            _ => DeviceChannel.None,
        };
        return channel != DeviceChannel.None;
    }

    /// <summary>Whether the device speaks on it; on the others it listens.</summary>
    public static bool IsFromDevice(DeviceChannel channel) =>
        channel is DeviceChannel.Reading or DeviceChannel.Telemetry or DeviceChannel.Event or DeviceChannel.State or DeviceChannel.Delivery;

    private static string NameOf(DeviceChannel channel) => channel.ToString().ToLowerInvariant();
}
