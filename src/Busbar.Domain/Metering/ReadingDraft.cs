using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Metering;

/// <summary>The names that a reading has on the wire.</summary>
[Flags]
internal enum ReadingFields
{
    None = 0,
    Meter = 1,
    Boot = 2,
    Sequence = 4,
    Instant = 8,
    Import = 16,
    Export = 32,
    Bands = 64,
    Firmware = 128,
    Flags = 256,
    Signature = 512,
}

/// <summary>A reading while its fields come in, in any order, each once; shared by the JSON and the CBOR form.</summary>
internal struct ReadingDraft
{
    // Year 9999: the last whole second that NodaTime's instants and people's calendars have.
    private const ulong LastSecond = 253_402_300_799;
    private const ReadingFields Needed = (ReadingFields)1023 & ~ReadingFields.Bands;

    private ReadingFields _seen;
    private Address _meter;
    private uint _boot;
    private ulong _sequence;
    private Instant _instant;
    private MeterRegister _import;
    private MeterRegister _export;
    private MeterRegister _band0;
    private MeterRegister _band1;
    private MeterRegister _band2;
    private MeterRegister _band3;
    private Hash256 _firmware;
    private ReadingFlags _flags;
    private Signature _signature;

    public static string NameOf(ReadingFields field) => field.ToString().ToLowerInvariant();

    public static ReadingFields FieldOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("meter"u8) ? ReadingFields.Meter
        : name.SequenceEqual("boot"u8) ? ReadingFields.Boot
        : name.SequenceEqual("sequence"u8) ? ReadingFields.Sequence
        : name.SequenceEqual("instant"u8) ? ReadingFields.Instant
        : name.SequenceEqual("import"u8) ? ReadingFields.Import
        : name.SequenceEqual("export"u8) ? ReadingFields.Export
        : name.SequenceEqual("bands"u8) ? ReadingFields.Bands
        : name.SequenceEqual("firmware"u8) ? ReadingFields.Firmware
        : name.SequenceEqual("flags"u8) ? ReadingFields.Flags
        : name.SequenceEqual("signature"u8) ? ReadingFields.Signature
        : ReadingFields.None;

    public static int BytesOf(ReadingFields field) => field switch
    {
        ReadingFields.Meter => Address.Length,
        ReadingFields.Firmware => Hash256.Length,
        _ => Signature.Length,
    };

    /// <summary>Notes that a field is there; false when it was before.</summary>
    public bool Take(ReadingFields field)
    {
        var first = (_seen & field) == ReadingFields.None;
        _seen |= field;
        return first;
    }

    public bool SetBytes(ReadingFields field, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != BytesOf(field))
            return false;
        switch (field)
        {
            case ReadingFields.Meter:
                _meter = new(bytes);
                return true;
            case ReadingFields.Firmware:
                _firmware = new(bytes);
                return true;
            default:
                return Signature.TryFromBytes(bytes, out _signature);
        }
    }

    public bool SetInteger(ReadingFields field, ulong value)
    {
        switch (field)
        {
            case ReadingFields.Boot when value <= uint.MaxValue:
                _boot = (uint)value;
                return true;
            case ReadingFields.Sequence:
                _sequence = value;
                return true;
            case ReadingFields.Instant when value <= LastSecond:
                _instant = NodaTime.Instant.FromUnixTimeSeconds((long)value);
                return true;
            case ReadingFields.Import:
                return TryRegister(value, out _import);
            case ReadingFields.Export:
                return TryRegister(value, out _export);
            case ReadingFields.Flags when value <= ushort.MaxValue:
                _flags = (ReadingFlags)value;
                return true;
            default:
                return false;
        }
    }

    public bool SetBand(int band, ulong value) => band switch
    {
        0 => TryRegister(value, out _band0),
        1 => TryRegister(value, out _band1),
        2 => TryRegister(value, out _band2),
        _ => TryRegister(value, out _band3),
    };

    public readonly (SignedReading? Reading, ReadingRefused? Refused) Finish()
    {
        var missing = Needed & ~_seen;
        if (missing != ReadingFields.None)
            return (null, new ReadingRefused.Malformed($"{NameOf((ReadingFields)((int)missing & -(int)missing))} is missing"));
        var registers = new Registers(_import, _export, new(_band0, _band1, _band2, _band3));
        return (new(new(new(_meter), _boot, _sequence, _instant, registers, _firmware, _flags), _signature), null);
    }

    private static bool TryRegister(ulong value, out MeterRegister register)
    {
        register = value <= long.MaxValue ? MeterRegister.FromMilliwattHours((long)value) : default;
        return value <= long.MaxValue;
    }
}
