using System.Buffers;
using System.Text.Json;
using NodaTime;

namespace Busbar.Device.Protocol;

/// <summary>What a meter measures now, unsigned: for screens and control, never for money. Null is "not measured".</summary>
public sealed record MeterTelemetry
{
    /// <summary>When it was measured, to the millisecond.</summary>
    public Instant? At { get; init; }

    /// <summary>Power at the connection, W, import positive.</summary>
    public double? Power { get; init; }

    /// <summary>Voltage at the connection, V.</summary>
    public double? Voltage { get; init; }

    /// <summary>Current at the connection, A, import positive.</summary>
    public double? Current { get; init; }

    /// <summary>Frequency, Hz; none on a direct-current bus.</summary>
    public double? Frequency { get; init; }

    /// <summary>State of charge of the battery behind the meter, 0 to 1.</summary>
    public double? StateOfCharge { get; init; }

    /// <summary>Temperature, degrees C.</summary>
    public double? Temperature { get; init; }

    /// <summary>The JSON payload, UTF-8; a value that is no finite number is left out.</summary>
    public byte[] Encode()
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (At is { } at)
                json.WriteNumber("at"u8, at.ToUnixTimeMilliseconds());
            Write(json, "power"u8, Power);
            Write(json, "voltage"u8, Voltage);
            Write(json, "current"u8, Current);
            Write(json, "frequency"u8, Frequency);
            Write(json, "soc"u8, StateOfCharge);
            Write(json, "temperature"u8, Temperature);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    // Six decimals are finer than any sensor, and keep a payload under 128 bytes.
    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, Math.Round(number, 6));
    }
}
