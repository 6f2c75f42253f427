using System.Text.Json;
using NodaTime;

namespace Busbar.Device.Clock;

/// <summary>
/// A meter's idea of the time: its machine's clock where that can be trusted, else the node's, carried on by the machine's monotonic
/// counter so that a jump of the machine's clock changes nothing. Thread safe.
/// </summary>
public sealed class MeterClock
{
    private readonly TimeProvider _time;
    private readonly bool _ownIsTrusted;
    private readonly Lock _gate = new();
    private Instant _base;
    private long _baseTimestamp;
    private bool _isSet;

    /// <summary>A clock that is set already when the machine's own is trusted (by a battery or by network time), and else waits for the node.</summary>
    public MeterClock(TimeProvider time, bool ownIsTrusted)
    {
        _time = time;
        _ownIsTrusted = ownIsTrusted;
    }

    /// <summary>Whether the time can be believed.</summary>
    public bool IsSet
    {
        get
        {
            lock (_gate)
                return _ownIsTrusted || _isSet;
        }
    }

    /// <summary>The time; meaningless while the clock is not set.</summary>
    public Instant Now
    {
        get
        {
            lock (_gate)
                return _ownIsTrusted || !_isSet
                    ? Instant.FromDateTimeOffset(_time.GetUtcNow())
                    : _base + Duration.FromTimeSpan(_time.GetElapsedTime(_baseTimestamp));
        }
    }

    /// <summary>Sets an untrusted clock to the node's; a trusted one stays.</summary>
    public void Set(Instant now)
    {
        lock (_gate)
        {
            _base = now;
            _baseTimestamp = _time.GetTimestamp();
            _isSet = true;
        }
    }

    /// <summary>Reads the payload of <c>busbar/v1/time</c>; null when it is not such.</summary>
    internal static Instant? TryDecode(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 4 });
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("now"u8, out var now)
                && now.ValueKind == JsonValueKind.String
                && now.TryGetDateTimeOffset(out var instant)
                ? Instant.FromDateTimeOffset(instant)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
