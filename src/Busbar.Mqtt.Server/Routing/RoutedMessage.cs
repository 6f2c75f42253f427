using System.Text;

namespace Busbar.Mqtt.Server;

/// <summary>A message on its way to subscribers: copied once from its publisher, shared by all of them.</summary>
internal sealed class RoutedMessage(string topic, byte[] payload)
{
    public string Topic { get; } = topic;

    public byte[] TopicUtf8 { get; } = Encoding.UTF8.GetBytes(topic);

    public byte[] Payload { get; } = payload;

    /// <summary>What it weighs in a queue: its bytes and about what its object costs.</summary>
    public int Weight => TopicUtf8.Length + Payload.Length + 64;
}

/// <summary>A message for one session, at the quality granted to it.</summary>
internal readonly record struct Delivery(RoutedMessage Message, MqttQos Qos, bool Retain);
