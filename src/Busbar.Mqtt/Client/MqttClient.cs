using System.Threading.Channels;

namespace Busbar.Mqtt;

/// <summary>
/// One connection to an MQTT 3.1.1 server. Made open, ends once, never reconnects by itself: its owner decides when to try again.
/// All members are thread safe. Messages that were not acknowledged when the connection ended are failed to their publishers, who
/// send them again on the next one.
/// </summary>
public sealed class MqttClient : IAsyncDisposable
{
    private readonly Channel<MqttMessage> _incoming = Channel.CreateBounded<MqttMessage>(1);
    private readonly TaskCompletionSource<MqttDisconnect> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MqttClient()
    {
    }

    /// <summary>True when the server still had a session for this client id.</summary>
    public bool SessionPresent { get; }

    /// <summary>Messages from subscriptions, in the order they came; completed when the connection is over.</summary>
    public ChannelReader<MqttMessage> Messages => _incoming.Reader;

    /// <summary>Completes, never faults, when the connection is over, with the reason.</summary>
    public Task<MqttDisconnect> Ended => _ended.Task;

    /// <summary>QoS 0 messages dropped because nobody read <see cref="Messages"/>.</summary>
    public long DroppedMessages { get; }

    /// <summary>Opens a connection and waits for the server's CONNACK.</summary>
    /// <exception cref="MqttException">Unreachable, refused or too slow; <see cref="MqttException.IsTransient"/> says whether trying again can help.</exception>
    /// <exception cref="ArgumentException">The options contradict each other or leave their range.</exception>
    public static Task<MqttClient> ConnectAsync(MqttClientOptions options, TimeProvider time, CancellationToken cancellationToken = default) =>
        Task.FromException<MqttClient>(new NotSupportedException());

    /// <summary>
    /// Publishes a message. QoS 0 completes when it is handed to the connection; QoS 1 completes when the server's PUBACK is here,
    /// waiting first while <see cref="MqttClientOptions.MaxInFlight"/> messages are unacknowledged. Sent in the order of the calls.
    /// Cancelling stops the waiting, not a message already sent.
    /// </summary>
    /// <exception cref="MqttException">The connection ended before the acknowledgement, or the packet is too large.</exception>
    /// <exception cref="ArgumentException">The topic is no valid name, or QoS 2 was asked for.</exception>
    public Task PublishAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        MqttQos qos = MqttQos.AtLeastOnce,
        bool retain = false,
        CancellationToken cancellationToken = default) => Task.FromException(new NotSupportedException());

    /// <summary>Subscribes and waits for the server's answers, one for each filter in the same order.</summary>
    /// <exception cref="MqttException">The connection ended or the server did not answer in time.</exception>
    /// <exception cref="ArgumentException">No filter, or one that is not valid.</exception>
    public Task<IReadOnlyList<MqttSubscribeCode>> SubscribeAsync(IReadOnlyList<MqttSubscription> subscriptions, CancellationToken cancellationToken = default) =>
        Task.FromException<IReadOnlyList<MqttSubscribeCode>>(new NotSupportedException());

    /// <summary>Unsubscribes and waits for the server's answer.</summary>
    /// <exception cref="MqttException">The connection ended or the server did not answer in time.</exception>
    public Task UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken = default) =>
        Task.FromException(new NotSupportedException());

    /// <summary>Says goodbye (the will is not published) and closes. Safe to call twice.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
