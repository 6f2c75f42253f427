using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Store.Bytes;
using NodaTime;

namespace Busbar.Store.Readings;

/// <summary>
/// A reading's bytes in the hot table: flags, boot, firmware's number, registers, signature. Meter, microgrid, instant and
/// sequence are the row's key. About 80 to 100 bytes.
/// </summary>
internal static class ReadingBlob
{
    public static void Write(ByteWriter writer, SignedReading signed, int firmware)
    {
        var reading = signed.Reading;
        writer.Varint((ushort)reading.Flags);
        writer.Varint(reading.Boot);
        writer.Varint((uint)firmware);
        WriteRegisters(writer, reading.Registers);
        WriteSignature(writer, signed.Signature);
    }

    public static HotReading Read(ReadOnlySpan<byte> blob, long instant, ulong sequence)
    {
        var reader = new ByteReader(blob);
        var flags = (ReadingFlags)reader.Count(ushort.MaxValue);
        var boot = checked((uint)reader.Varint());
        var firmware = reader.Count(int.MaxValue);
        var registers = ReadRegisters(ref reader);
        return new(instant, sequence, flags, boot, firmware, registers, ReadSignature(ref reader));
    }

    /// <summary>Only the registers, for totals.</summary>
    public static Registers ReadRegisters(ReadOnlySpan<byte> blob)
    {
        var reader = new ByteReader(blob);
        reader.Varint();
        reader.Varint();
        reader.Varint();
        return ReadRegisters(ref reader);
    }

    public static void WriteRegisters(ByteWriter writer, in Registers registers)
    {
        writer.Varint((ulong)registers.Import.MilliwattHours);
        writer.Varint((ulong)registers.Export.MilliwattHours);
        var banded = registers.Bands != default;
        writer.Byte(banded ? (byte)1 : (byte)0);
        for (var band = 0; banded && band < BandRegisters.Count; band++)
            writer.Varint((ulong)registers.Bands[band].MilliwattHours);
    }

    public static Registers ReadRegisters(ref ByteReader reader)
    {
        var import = Register(ref reader);
        var export = Register(ref reader);
        return reader.Byte() == 0
            ? new(import, export)
            : new(import, export, new(Register(ref reader), Register(ref reader), Register(ref reader), Register(ref reader)));
    }

    public static void WriteSignature(ByteWriter writer, in Signature signature)
    {
        writer.Hash(signature.R);
        writer.Hash(signature.S);
        writer.Byte((byte)signature.RecoveryId);
    }

    public static Signature ReadSignature(ref ByteReader reader) => new(reader.Hash(), reader.Hash(), reader.Byte());

    private static MeterRegister Register(ref ByteReader reader)
    {
        var value = reader.Varint();
        return value <= long.MaxValue
            ? MeterRegister.FromMilliwattHours((long)value)
            : throw new InvalidDataException("a register is out of range");
    }
}

/// <summary>A stored reading without the names that its row holds as numbers.</summary>
/// <param name="At">Unix seconds.</param>
/// <param name="Sequence">Its sequence number.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Boot">Its boot count.</param>
/// <param name="Firmware">The firmware's number in the dictionary.</param>
/// <param name="Registers">Its registers.</param>
/// <param name="Signature">Its signature.</param>
internal readonly record struct HotReading(
    long At, ulong Sequence, ReadingFlags Flags, uint Boot, int Firmware, Registers Registers, Signature Signature)
{
    public bool IsOnRequest => Flags.HasFlag(ReadingFlags.OnRequest);

    /// <summary>
    /// By time; of several in one second the last one stands for them: one read on request gives way to one that an interval
    /// is closed with, then the older to the newer.
    /// </summary>
    public static int InOrder(HotReading left, HotReading right)
    {
        var order = left.At.CompareTo(right.At);
        if (order == 0)
            order = right.IsOnRequest.CompareTo(left.IsOnRequest);
        return order == 0 ? left.Sequence.CompareTo(right.Sequence) : order;
    }

    public SignedReading Signed(MeterId meter, Hash256 firmware) =>
        new(new(meter, Boot, Sequence, Instant.FromUnixTimeSeconds(At), Registers, firmware, Flags), Signature);
}
