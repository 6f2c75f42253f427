using System.Text.Json;
using NodaTime;

namespace Busbar.Node.Live;

/// <summary>What a device told beside its readings. Each value is null when it was not told.</summary>
internal sealed record DeviceTelemetry(Instant At)
{
    private const int MaximumSize = 4096;

    public double? Power { get; private set; }

    public double? Voltage { get; private set; }

    public double? Current { get; private set; }

    public double? Frequency { get; private set; }

    public double? PowerFactor { get; private set; }

    public double? StateOfCharge { get; private set; }

    public double? Temperature { get; private set; }

    /// <summary>Reads a payload; null when it cannot be read. Names that it does not know are for others.</summary>
    public static DeviceTelemetry? Read(ReadOnlySpan<byte> payload, Instant now)
    {
        if (payload.Length > MaximumSize)
            return null;
        try
        {
            var told = new DeviceTelemetry(now);
            var json = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 4 });
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1 || json.HasValueSequence)
                    continue;
                var name = json.GetString();
                if (json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetDouble(out var value) && double.IsFinite(value))
                    told.Take(name, value);
            }

            return told;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // Telemetry is for screens alone: what cannot be read is not shown, and the device's readings go on.
            return null;
        }
    }

    private void Take(string? name, double value)
    {
        switch (name)
        {
            case "power":
                Power = value;
                break;
            case "voltage":
                Voltage = value;
                break;
            case "current":
                Current = value;
                break;
            case "frequency":
                Frequency = value;
                break;
            case "powerFactor":
                PowerFactor = value;
                break;
            case "soc":
                StateOfCharge = value;
                break;
            case "temperature":
                Temperature = value;
                break;
        }
    }
}
