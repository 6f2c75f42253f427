namespace Busbar.Mqtt;

/// <summary>Why a client's connection is over.</summary>
public enum MqttDisconnectReason
{
    /// <summary>The owner of the client closed it.</summary>
    Closed,

    /// <summary>The server ended the connection.</summary>
    ServerClosed,

    /// <summary>The network failed.</summary>
    NetworkFailed,

    /// <summary>The server did not answer a ping within the keep-alive time.</summary>
    KeepAliveExpired,

    /// <summary>The server broke the protocol.</summary>
    ProtocolError,

    /// <summary>The reader of <see cref="MqttClient.Messages"/> was too slow for a QoS 1 message.</summary>
    ReaderTooSlow,
}

/// <summary>The end of a connection.</summary>
/// <param name="Reason">Why.</param>
/// <param name="ProtocolError">The broken rule, when the reason is <see cref="MqttDisconnectReason.ProtocolError"/>.</param>
/// <param name="Cause">The network's exception, when there was one.</param>
public sealed record MqttDisconnect(MqttDisconnectReason Reason, MqttProtocolError ProtocolError = MqttProtocolError.None, Exception? Cause = null);
