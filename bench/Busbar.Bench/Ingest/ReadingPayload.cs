using System.Buffers.Binary;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Metering;

namespace Busbar.Bench.Ingest;

/// <summary>A reading as CBOR with every number at its full width, so that all are of one size and the sequence has one place.</summary>
internal static class ReadingPayload
{
    private const byte Map = 0xa0;
    private const byte Text = 0x60;
    private const byte Unsigned64 = 0x1b;
    private const byte ByteString = 0x40;
    private const byte ByteStringOf8BitLength = 0x58;

    /// <summary>Where the sequence number lies: after the map's head and the name.</summary>
    public const int SequenceAt = 1 + 1 + 8 + 1;

    public static byte[] Encode(SignedReading signed)
    {
        var reading = signed.Reading;
        using var stream = new MemoryStream();
        stream.WriteByte(Map | 9);
        Number(stream, "sequence", reading.Sequence);
        Bytes(stream, "meter", reading.Meter.Key.ToArray());
        Number(stream, "boot", reading.Boot);
        Number(stream, "instant", (ulong)reading.Instant.ToUnixTimeSeconds());
        Number(stream, "import", (ulong)reading.Registers.Import.MilliwattHours);
        Number(stream, "export", (ulong)reading.Registers.Export.MilliwattHours);
        Bytes(stream, "firmware", reading.Firmware.ToArray());
        Number(stream, "flags", (ulong)reading.Flags);
        var signature = new byte[Signature.Length];
        signed.Signature.WriteTo(signature);
        Bytes(stream, "signature", signature);
        return stream.ToArray();
    }

    private static void Number(MemoryStream stream, string name, ulong value)
    {
        Name(stream, name);
        Span<byte> form = [Unsigned64, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt64BigEndian(form[1..], value);
        stream.Write(form);
    }

    private static void Bytes(MemoryStream stream, string name, byte[] value)
    {
        Name(stream, name);
        if (value.Length >= 24)
            stream.WriteByte(ByteStringOf8BitLength);
        stream.WriteByte(value.Length >= 24 ? (byte)value.Length : (byte)(ByteString | value.Length));
        stream.Write(value);
    }

    private static void Name(MemoryStream stream, string name)
    {
        stream.WriteByte((byte)(Text | name.Length));
        stream.Write(Encoding.ASCII.GetBytes(name));
    }
}
