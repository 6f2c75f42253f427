namespace Busbar.Mqtt;

/// <summary>What went wrong between client and server.</summary>
public enum MqttFailure
{
    /// <summary>No connection could be opened: address, network or TLS.</summary>
    Unreachable,

    /// <summary>The server answered CONNECT with a refusal; see <see cref="MqttException.ConnectCode"/>.</summary>
    Refused,

    /// <summary>The connection ended while the operation was under way.</summary>
    ConnectionLost,

    /// <summary>The server did not answer in time.</summary>
    TimedOut,

    /// <summary>The other side broke the protocol; see <see cref="MqttException.ProtocolError"/>.</summary>
    Protocol,

    /// <summary>This client was closed by its owner.</summary>
    Closed,

    /// <summary>The packet is larger than <see cref="MqttClientOptions.MaxPacketSize"/>.</summary>
    TooLarge,
}

/// <summary>The one exception that leaves this client for a failure outside of it. A caller's bug throws the usual argument exceptions.</summary>
public sealed class MqttException : Exception
{
    /// <summary>Makes one with its failure, what happened in words, and the cause.</summary>
    public MqttException(MqttFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>What went wrong.</summary>
    public MqttFailure Failure { get; }

    /// <summary>The server's refusal, when <see cref="Failure"/> is <see cref="MqttFailure.Refused"/>.</summary>
    public MqttConnectCode? ConnectCode { get; init; }

    /// <summary>The broken rule, when <see cref="Failure"/> is <see cref="MqttFailure.Protocol"/>.</summary>
    public MqttProtocolError ProtocolError { get; init; }

    /// <summary>True when the same operation may succeed on a new connection without anybody changing anything.</summary>
    public bool IsTransient => Failure switch
    {
        MqttFailure.Unreachable or MqttFailure.ConnectionLost or MqttFailure.TimedOut => true,
        MqttFailure.Refused => ConnectCode is MqttConnectCode.ServerUnavailable,
        _ => false,
    };
}
