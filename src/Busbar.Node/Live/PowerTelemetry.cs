using System.Text.Json;
using NodaTime;

namespace Busbar.Node.Live;

/// <summary>What telemetry says of power.</summary>
/// <param name="Watts">The power, import positive.</param>
/// <param name="AtMilliseconds">The meter's own clock, Unix milliseconds; null when it did not say.</param>
internal readonly record struct PowerTelemetry(double Watts, long? AtMilliseconds)
{
    private const int MaximumSize = 4096;
    private static readonly Duration ClockTolerance = Duration.FromMinutes(2);

    /// <summary>Reads a payload; null when it tells no power. What else is in it is for others.</summary>
    public static PowerTelemetry? Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MaximumSize)
            return null;
        try
        {
            var json = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 4 });
            double? watts = null;
            long? at = null;
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
                    continue;
                var (isPower, isAt) = (json.ValueTextEquals("power"u8), json.ValueTextEquals("at"u8));
                if (!json.Read() || json.TokenType != JsonTokenType.Number)
                    continue;
                if (isPower && json.TryGetDouble(out var power) && double.IsFinite(power))
                    watts = power;
                else if (isAt && json.TryGetInt64(out var milliseconds))
                    at = milliseconds;
            }

            return watts is { } told ? new(told, at) : null;
        }
        catch (JsonException)
        {
            // Telemetry is for screens alone: what cannot be read is not shown, and the device's readings go on.
            return null;
        }
    }

    /// <summary>The sample; a meter whose clock is off is taken at the node's.</summary>
    public PowerSample SampledAt(Instant now)
    {
        var difference = AtMilliseconds is { } own ? Math.Abs((decimal)own - now.ToUnixTimeMilliseconds()) : decimal.MaxValue;
        return new(difference <= (decimal)ClockTolerance.TotalMilliseconds ? Instant.FromUnixTimeMilliseconds(AtMilliseconds!.Value) : now, Watts);
    }
}
