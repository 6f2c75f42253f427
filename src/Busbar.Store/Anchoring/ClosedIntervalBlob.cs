using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Anchoring;
using Busbar.Store.Bytes;
using Busbar.Store.Readings;
using NodaTime;

namespace Busbar.Store.Anchoring;

/// <summary>What a closed interval has beside its columns: the transformer's two readings and the estimated leaves.</summary>
internal static class ClosedIntervalBlob
{
    private const byte Form = 1;
    private const int MostLeaves = 10_000_000;

    public static void Write(ByteWriter writer, ClosedInterval closed)
    {
        writer.Byte(Form);
        WriteReading(writer, closed.TransformerOpening);
        WriteReading(writer, closed.TransformerClosing);
        writer.Varint((ulong)closed.Estimates.Count);
        foreach (var leaf in closed.Estimates)
        {
            writer.Address(leaf.Meter.Key);
            ReadingBlob.WriteRegisters(writer, leaf.Closing);
            writer.Signed(leaf.Energy.Import.MilliwattHours);
            writer.Signed(leaf.Energy.Export.MilliwattHours);
            writer.Varint((ushort)leaf.Flags);
            writer.Hash(leaf.ReadingDigest);
        }
    }

    public static (SignedReading? Opening, SignedReading? Closing, IReadOnlyList<EstimatedLeaf> Estimates) Read(ReadOnlySpan<byte> blob)
    {
        var reader = new ByteReader(blob);
        if (reader.Byte() != Form)
            throw new InvalidDataException("a closed interval has an unknown form");
        var opening = ReadReading(ref reader);
        var closing = ReadReading(ref reader);
        var count = reader.Count(MostLeaves);
        if (count == 0)
            return (opening, closing, []);
        var estimates = new List<EstimatedLeaf>(Math.Min(count, blob.Length / 32));
        for (var i = 0; i < count; i++)
        {
            var meter = new MeterId(reader.Address());
            var registers = ReadingBlob.ReadRegisters(ref reader);
            var energy = new EnergySum(Energy.FromMilliwattHours(reader.Signed()), Energy.FromMilliwattHours(reader.Signed()));
            estimates.Add(new(meter, registers, energy, (LeafFlags)reader.Count(ushort.MaxValue), reader.Hash()));
        }

        return (opening, closing, estimates);
    }

    private static void WriteReading(ByteWriter writer, SignedReading? signed)
    {
        writer.Byte(signed is null ? (byte)0 : (byte)1);
        if (signed is null)
            return;
        var reading = signed.Reading;
        writer.Address(reading.Meter.Key);
        writer.Varint(reading.Boot);
        writer.Varint(reading.Sequence);
        writer.Signed(reading.Instant.ToUnixTimeSeconds());
        writer.Hash(reading.Firmware);
        writer.Varint((ushort)reading.Flags);
        ReadingBlob.WriteRegisters(writer, reading.Registers);
        ReadingBlob.WriteSignature(writer, signed.Signature);
    }

    private static SignedReading? ReadReading(ref ByteReader reader)
    {
        if (reader.Byte() == 0)
            return null;
        var meter = new MeterId(reader.Address());
        var boot = checked((uint)reader.Varint());
        var sequence = reader.Varint();
        var instant = Instant.FromUnixTimeSeconds(reader.Signed());
        var firmware = reader.Hash();
        var flags = (ReadingFlags)reader.Count(ushort.MaxValue);
        var registers = ReadingBlob.ReadRegisters(ref reader);
        return new(new(meter, boot, sequence, instant, registers, firmware, flags), ReadingBlob.ReadSignature(ref reader));
    }
}
