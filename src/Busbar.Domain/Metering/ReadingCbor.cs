using System.Buffers.Binary;

namespace Busbar.Domain.Metering;

/// <summary>
/// A signed reading as CBOR (RFC 8949), as <c>docs/protocol.md</c> has it: one definite-length map with the names of the JSON
/// form, whole numbers, byte strings for meter, firmware and signature. Strict in the same way.
/// </summary>
public static class ReadingCbor
{
    private const byte UnsignedInteger = 0;
    private const byte ByteString = 2;
    private const byte TextString = 3;
    private const byte Array = 4;
    private const byte Map = 5;

    /// <summary>Reads a reading.</summary>
    /// <returns>The reading, or why the bytes are none.</returns>
    public static (SignedReading? Reading, ReadingRefused? Refused) Decode(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > ReadingJson.MaximumSize)
            return (null, new ReadingRefused.Oversized(payload.Length, ReadingJson.MaximumSize));
        var rest = payload;
        if (!TryHead(ref rest, out var major, out var pairs) || major != Map)
            return Malformed("not a CBOR map of definite length");
        var draft = new ReadingDraft();
        for (; pairs > 0; pairs--)
        {
            if (ReadField(ref rest, ref draft) is { } fault)
                return Malformed(fault);
        }

        return rest.IsEmpty ? draft.Finish() : Malformed("bytes after the map");
    }

    private static (SignedReading? Reading, ReadingRefused? Refused) Malformed(string fault) => (null, new ReadingRefused.Malformed(fault));

    private static string? ReadField(ref ReadOnlySpan<byte> rest, ref ReadingDraft draft)
    {
        if (!TryHead(ref rest, out var major, out var length) || major != TextString || length > (ulong)rest.Length)
            return "a name is not a text string";
        var field = ReadingDraft.FieldOf(rest[..(int)length]);
        rest = rest[(int)length..];
        if (field == ReadingFields.None)
            return "unknown name";
        if (!draft.Take(field))
            return $"{ReadingDraft.NameOf(field)} is given twice";
        if (!TryHead(ref rest, out major, out var value))
            return "ends early";
        if (field is ReadingFields.Bands)
            return major == Array && value == BandRegisters.Count && TryBands(ref rest, ref draft) ? null : "bands is not a list of four whole numbers";
        if (field is not (ReadingFields.Meter or ReadingFields.Firmware or ReadingFields.Signature))
            return major == UnsignedInteger && draft.SetInteger(field, value) ? null : $"{ReadingDraft.NameOf(field)} is not a whole number in its range";
        if (major != ByteString || value > (ulong)rest.Length || !draft.SetBytes(field, rest[..(int)value]))
            return $"{ReadingDraft.NameOf(field)} is not a byte string of {ReadingDraft.BytesOf(field)} bytes with a valid value";
        rest = rest[(int)value..];
        return null;
    }

    private static bool TryBands(ref ReadOnlySpan<byte> rest, ref ReadingDraft draft)
    {
        for (var band = 0; band < BandRegisters.Count; band++)
        {
            if (!TryHead(ref rest, out var major, out var value) || major != UnsignedInteger || !draft.SetBand(band, value))
                return false;
        }

        return true;
    }

    // RFC 8949, 3: the major type in the upper three bits, the argument in the lower five or the 1, 2, 4 or 8 bytes after.
    // Indefinite lengths (31) and the reserved values are not taken.
    private static bool TryHead(ref ReadOnlySpan<byte> rest, out byte major, out ulong argument)
    {
        (major, argument) = (0, 0);
        if (rest.IsEmpty)
            return false;
        major = (byte)(rest[0] >> 5);
        var small = rest[0] & 31;
        var width = small switch { < 24 => 0, 24 => 1, 25 => 2, 26 => 4, 27 => 8, _ => -1 };
        if (width < 0 || rest.Length < 1 + width)
            return false;
        argument = width switch
        {
            0 => (ulong)small,
            1 => rest[1],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest[1..]),
            4 => BinaryPrimitives.ReadUInt32BigEndian(rest[1..]),
            _ => BinaryPrimitives.ReadUInt64BigEndian(rest[1..]),
        };
        rest = rest[(1 + width)..];
        return true;
    }
}
