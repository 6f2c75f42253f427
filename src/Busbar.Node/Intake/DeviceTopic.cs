using Busbar.Cryptography;
using Busbar.Domain.Metering;

namespace Busbar.Node.Intake;

/// <summary>What a device's topic is for.</summary>
internal enum DeviceChannel
{
    None = 0,
    Reading,
    Telemetry,
    Event,
    State,
    Command,
    Refused,
    Permit,
    Calendar,
}

/// <summary>A topic of one device: <c>busbar/v1/{meter}/{channel}</c>.</summary>
internal static class DeviceTopic
{
    /// <summary>The topic of the node's clock, for all.</summary>
    public const string Time = "busbar/v1/time";

    private const string Prefix = "busbar/v1/";
    private const int MeterLength = 42;

    public static string For(MeterId meter, DeviceChannel channel) => $"{Prefix}{meter}/{NameOf(channel)}";

    public static bool TryParse(string topic, out MeterId meter, out DeviceChannel channel)
    {
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
            _ => DeviceChannel.None,
        };
        return channel != DeviceChannel.None;
    }

    public static bool IsFromDevice(DeviceChannel channel) =>
        channel is DeviceChannel.Reading or DeviceChannel.Telemetry or DeviceChannel.Event or DeviceChannel.State;

    private static string NameOf(DeviceChannel channel) => channel.ToString().ToLowerInvariant();
}
