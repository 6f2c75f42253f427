namespace Busbar.Mqtt.Server;

internal sealed class MqttConnection;
