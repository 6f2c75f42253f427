using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Store.Bytes;
using Busbar.Store.Readings;

namespace Busbar.Store.Packing;

/// <summary>
/// What one meter signed within six hours, beside the values: sequence, boot, firmware, flags and signature, in the order of
/// the day's values. One byte says what follows from the reading before; with the 64 bytes of the signature it is about 65
/// bytes a reading. Six hours, because five such rows fill a page of 8 KiB where a day's row would leave a quarter of it empty.
/// </summary>
internal static class SliceEvidence
{
    public const long SecondsPerSlice = 21_600;

    private const byte Form = 1;
    private const int MostReadings = 1_000_000;
    private const byte SecondPoint = 1;
    private const byte OwnSequence = 2;
    private const byte OwnBoot = 4;
    private const byte OwnFirmware = 8;
    private const byte OwnFlags = 16;
    private const byte Known = SecondPoint | OwnSequence | OwnBoot | OwnFirmware | OwnFlags;

    public static void Write(ByteWriter writer, ReadOnlySpan<HotReading> readings)
    {
        writer.Byte(Form);
        writer.Varint((ulong)readings.Length);
        var last = default(Signed);
        foreach (var reading in readings)
        {
            var next = new Signed(reading.Sequence, reading.Boot, reading.Firmware, reading.Flags, reading.Signature);
            Write(writer, last, next);
            last = next;
        }
    }

    /// <exception cref="InvalidDataException">The blob is not one of so many readings.</exception>
    public static void Read(ReadOnlySpan<byte> blob, Span<Signed> readings)
    {
        var reader = new ByteReader(blob);
        if (reader.Byte() != Form)
            throw new InvalidDataException("evidence has an unknown form");
        if (reader.Count(MostReadings) != readings.Length)
            throw new InvalidDataException("evidence and values do not belong together");
        var last = default(Signed);
        for (var i = 0; i < readings.Length; i++)
            readings[i] = last = Read(ref reader, last);
        if (!reader.AtEnd)
            throw new InvalidDataException("evidence has bytes left over");
    }

    private static void Write(ByteWriter writer, in Signed last, in Signed next)
    {
        var differs = (next.Signature.RecoveryId == 1 ? SecondPoint : 0)
            | (next.Sequence != unchecked(last.Sequence + 1) ? OwnSequence : 0)
            | (next.Boot != last.Boot ? OwnBoot : 0)
            | (next.Firmware != last.Firmware ? OwnFirmware : 0)
            | (next.Flags != last.Flags ? OwnFlags : 0);
        writer.Byte((byte)differs);
        if ((differs & OwnSequence) != 0)
            writer.Difference(unchecked((long)next.Sequence), unchecked((long)last.Sequence));
        if ((differs & OwnBoot) != 0)
            writer.Varint(next.Boot);
        if ((differs & OwnFirmware) != 0)
            writer.Varint((uint)next.Firmware);
        if ((differs & OwnFlags) != 0)
            writer.Varint((ushort)next.Flags);
        writer.Hash(next.Signature.R);
        writer.Hash(next.Signature.S);
    }

    private static Signed Read(ref ByteReader reader, in Signed last)
    {
        var differs = reader.Byte();
        if ((differs & ~Known) != 0)
            throw new InvalidDataException("evidence says what is not known here");
        var sequence = (differs & OwnSequence) != 0
            ? unchecked((ulong)reader.Difference(unchecked((long)last.Sequence)))
            : unchecked(last.Sequence + 1);
        var boot = (differs & OwnBoot) != 0 ? Boot(reader.Varint()) : last.Boot;
        var firmware = (differs & OwnFirmware) != 0 ? reader.Count(int.MaxValue) : last.Firmware;
        var flags = (differs & OwnFlags) != 0 ? (ReadingFlags)reader.Count(ushort.MaxValue) : last.Flags;
        return new(sequence, boot, firmware, flags, new(reader.Hash(), reader.Hash(), differs & SecondPoint));
    }

    private static uint Boot(ulong value) =>
        value <= uint.MaxValue ? (uint)value : throw new InvalidDataException("a boot count is out of range");

    /// <summary>What a reading has beside its instant and registers.</summary>
    /// <param name="Sequence">Its sequence number.</param>
    /// <param name="Boot">Its boot count.</param>
    /// <param name="Firmware">The firmware's number.</param>
    /// <param name="Flags">Its flags.</param>
    /// <param name="Signature">Its signature.</param>
    internal readonly record struct Signed(ulong Sequence, uint Boot, int Firmware, ReadingFlags Flags, Signature Signature);
}
