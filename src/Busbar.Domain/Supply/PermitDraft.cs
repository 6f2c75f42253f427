using System.Text;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Supply;

/// <summary>A permit while its fields come in, in any order, each once.</summary>
internal struct PermitDraft
{
    // As of readings: the last whole second that people's calendars have.
    private const ulong LastSecond = 253_402_300_799;
    private const int MostOffset = 18 * 3600;
    private const int All = 2047;

    private static readonly string[] Names =
        ["meter", "sequence", "issuedAt", "until", "grace", "flags", "quietFrom", "quietTo", "offset", "noTripBefore", "signature"];

    private int _seen;
    private Address _meter;
    private ulong _sequence;
    private ulong _issuedAt;
    private ulong _until;
    private ulong _grace;
    private ulong _flags;
    private ulong _quietFrom;
    private ulong _quietTo;
    private int _offset;
    private ulong _noTripBefore;
    private Signature _signature;

    /// <summary>The first name that is not there.</summary>
    public readonly string Missing => Names[int.TrailingZeroCount(All & ~_seen)];

    /// <summary>Reads a name and its value.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Read(ref Utf8JsonReader json)
    {
        var field = json.ValueIsEscaped ? -1 : FieldOf(json.ValueSpan);
        if (field < 0)
            return $"unknown name {WireJson.Shorten(json.ValueSpan)}";
        if (!json.Read())
            return "ends early";
        if ((_seen & (1 << field)) != 0)
            return $"{Names[field]} is given twice";
        _seen |= 1 << field;
        return Take(field, ref json) ? null : $"{Names[field]} is not what it must be";
    }

    /// <summary>The permit; null when a name is missing.</summary>
    public readonly SignedPermit? Finish() => _seen != All
        ? null
        : new(
            new(new(_meter), _sequence, At(_issuedAt), Maybe(_until))
            {
                Grace = Duration.FromSeconds((long)_grace),
                Flags = (SupplyFlags)_flags,
                Quiet = new((int)_quietFrom, (int)_quietTo),
                Offset = _offset,
                NoTripBefore = Maybe(_noTripBefore),
            },
            _signature);

    private bool Take(int field, ref Utf8JsonReader json)
    {
        Span<byte> bytes = stackalloc byte[Signature.Length];
        switch (field)
        {
            case 0:
                var isAddress = WireJson.TryReadHex(ref json, bytes[..Address.Length]);
                _meter = isAddress ? new(bytes[..Address.Length]) : default;
                return isAddress;
            case 1:
                return Number(ref json, ulong.MaxValue, out _sequence);
            case 2:
                return Number(ref json, LastSecond, out _issuedAt);
            case 3:
                return Number(ref json, LastSecond, out _until);
            case 4:
                return Number(ref json, uint.MaxValue, out _grace);
            case 5:
                return Number(ref json, ushort.MaxValue, out _flags);
            case 6:
                return Number(ref json, QuietMinutes.OfDay - 1, out _quietFrom);
            case 7:
                return Number(ref json, QuietMinutes.OfDay - 1, out _quietTo);
            case 8:
                return json.TokenType == JsonTokenType.Number && json.TryGetInt32(out _offset) && _offset is >= -MostOffset and <= MostOffset;
            case 9:
                return Number(ref json, LastSecond, out _noTripBefore);
            default:
                return WireJson.TryReadHex(ref json, bytes) && Signature.TryFromBytes(bytes, out _signature);
        }
    }

    private static bool Number(ref Utf8JsonReader json, ulong most, out ulong value) => WireJson.TryReadInteger(ref json, out value) && value <= most;

    private static Instant At(ulong seconds) => Instant.FromUnixTimeSeconds((long)seconds);

    private static Instant? Maybe(ulong seconds) => seconds == 0 ? null : At(seconds);

    private static int FieldOf(ReadOnlySpan<byte> name)
    {
        for (var field = 0; field < Names.Length; field++)
        {
            if (Encoding.UTF8.GetByteCount(Names[field]) == name.Length && name.SequenceEqual(Encoding.UTF8.GetBytes(Names[field])))
                return field;
        }

        return -1;
    }
}
