using System.Collections.Concurrent;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Mqtt.Server;
using NodaTime;

namespace Busbar.Node.Live;

/// <summary>Which devices are connected by MQTT, and what each told last. Thread safe; for screens alone.</summary>
internal sealed class Presence(IClock clock) : IMqttConnectionEvents
{
    private readonly ConcurrentDictionary<MeterId, int> _connections = new();
    private readonly ConcurrentDictionary<MeterId, DeviceTelemetry> _told = new();
    private readonly ConcurrentDictionary<MeterId, Hash256> _firmwares = new();
    private long _version;

    /// <summary>Grows with whatever changes here.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Whether a device has a connection.</summary>
    public bool IsOnline(MeterId meter) => _connections.GetValueOrDefault(meter) > 0;

    /// <summary>What a device told last, or null.</summary>
    public DeviceTelemetry? TelemetryOf(MeterId meter) => _told.GetValueOrDefault(meter);

    /// <summary>What a device that is not registered yet runs, as a reading that its key signed named it; null when none did.</summary>
    public Hash256? FirmwareOf(MeterId meter) => _firmwares.TryGetValue(meter, out var firmware) ? firmware : null;

    /// <summary>Something else that screens show of a device has changed.</summary>
    public void Touch() => Interlocked.Increment(ref _version);

    /// <summary>A reading was refused, but its signature is the meter's own.</summary>
    public void TakeFirmware(MeterId meter, Hash256 firmware)
    {
        _firmwares[meter] = firmware;
        Interlocked.Increment(ref _version);
    }

    public void TakeTelemetry(MeterId meter, ReadOnlySpan<byte> payload)
    {
        if (DeviceTelemetry.Read(payload, clock.GetCurrentInstant()) is { } told)
        {
            _told[meter] = told;
            Interlocked.Increment(ref _version);
        }
    }

    public void Connected(MqttClientInfo client) => Count(client, 1);

    public void Disconnected(MqttClientInfo client, MqttCloseReason reason) => Count(client, -1);

    private void Count(MqttClientInfo client, int step)
    {
        if (Address.TryParse(client.Principal.Name, out var key))
        {
            _connections.AddOrUpdate(new(key), Math.Max(step, 0), (_, before) => Math.Max(before + step, 0));
            Interlocked.Increment(ref _version);
        }
    }
}
