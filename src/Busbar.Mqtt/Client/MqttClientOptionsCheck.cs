using System.Text;

namespace Busbar.Mqtt;

/// <summary>Holds options against their ranges before anything is opened.</summary>
internal static class MqttClientOptionsCheck
{
    private const int LargestPacket = 268_435_460;

    public static void ThrowIfInvalid(MqttClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Require(options.Port is >= 1 and <= ushort.MaxValue, nameof(options.Port));
        Require(options.KeepAlive >= TimeSpan.Zero && options.KeepAlive.TotalSeconds <= ushort.MaxValue
            && options.KeepAlive.Ticks % TimeSpan.TicksPerSecond == 0, nameof(options.KeepAlive));
        Require(options.AnswerTimeout > TimeSpan.Zero, nameof(options.AnswerTimeout));
        Require(options.MaxPacketSize is >= 256 and <= LargestPacket, nameof(options.MaxPacketSize));
        Require(options.MaxInFlight is >= 1 and <= 32_768, nameof(options.MaxInFlight));
        Require(options.IncomingCapacity >= 1, nameof(options.IncomingCapacity));
        Require(IsText(options.ClientId) && (options.ClientId.Length > 0 || options.CleanSession), nameof(options.ClientId));
        Require(options.UserName is null || IsText(options.UserName), nameof(options.UserName));
        Require(options.Password is null || (options.UserName is not null && options.Password.Length <= ushort.MaxValue), nameof(options.Password));
        Require(
            options.Will is null || (MqttTopic.IsValidName(options.Will.Topic) && options.Will.Payload.Length <= ushort.MaxValue
                && options.Will.Qos <= MqttQos.AtLeastOnce),
            nameof(options.Will));
    }

    private static bool IsText(string text) => !text.Contains('\0') && Encoding.UTF8.GetByteCount(text) <= ushort.MaxValue;

    private static void Require(bool holds, string name)
    {
        if (!holds)
            throw new ArgumentException($"{name} is out of its range", name);
    }
}
