using System.Runtime.CompilerServices;

namespace Busbar.Mqtt.Server;

/// <summary>Holds options against their ranges.</summary>
internal static class MqttServerOptionsCheck
{
    private const int LargestPacket = 268_435_460;

    public static void ThrowIfInvalid(MqttServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Require(options.Port, 0, ushort.MaxValue);
        Require(options.MaxClients, 1, int.MaxValue);
        Require(options.MaxPendingConnections, 1, int.MaxValue);
        Require(options.MaxKeptSessions, 0, int.MaxValue);
        Require(options.MaxPacketSize, 256, LargestPacket);
        Require(options.MaxSubscriptions, 1, int.MaxValue);
        Require(options.MaxUnacknowledged, 1, 32_768);
        Require(options.MaxInFlight, 1, 1_024);
        Require(options.MaxQueuedMessages, 1, int.MaxValue);
        Require(options.MaxQueuedBytes, 1, int.MaxValue);
        Require(options.MaxRetainedMessages, 0, int.MaxValue);
        Require(options.MaxRetainedBytes, 0, int.MaxValue);
        Require(options.MaxPublishesPerSecond, 0, int.MaxValue);
        Require(options.KeptSessionLifetime);
        Require(options.ConnectTimeout);
        Require(options.LongestSilence);
    }

    private static void Require(int value, int least, int most, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(name, value, $"must be {least} to {most}");
    }

    private static void Require(TimeSpan value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(name, value, "must be positive");
    }
}
