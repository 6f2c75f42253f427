using System.Runtime.InteropServices;

namespace Busbar.Mqtt.Server;

/// <summary>
/// The promise to acknowledge one QoS 1 message: the connection it came on and its place there. 16 bytes, copied freely, given
/// back once to <see cref="MqttServer.Acknowledge"/>. The default is <see cref="None"/>, which may be given back too and does nothing.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct AckToken : IEquatable<AckToken>
{
    internal AckToken(MqttConnection connection, uint place)
    {
        Connection = connection;
        Place = place;
    }

    /// <summary>The token of a message that needs no acknowledgement.</summary>
    public static AckToken None => default;

    /// <summary>True when there is nothing to acknowledge.</summary>
    public bool IsNone => Connection is null;

    internal MqttConnection? Connection { get; }

    internal uint Place { get; }

    /// <summary>Equal when it stands for the same message on the same connection.</summary>
    public static bool operator ==(AckToken left, AckToken right) => left.Equals(right);

    /// <summary>Different when it stands for another message.</summary>
    public static bool operator !=(AckToken left, AckToken right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(AckToken other) => ReferenceEquals(Connection, other.Connection) && Place == other.Place;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AckToken other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Connection, Place);
}
