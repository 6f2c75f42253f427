using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Node.Microgrids;

/// <summary>A reading that was refused.</summary>
/// <param name="Position">Its record.</param>
/// <param name="Reason">The refusal's name.</param>
/// <param name="Genuine">Its signature held, so its sequence number may count as taken.</param>
internal readonly record struct RefusedRecord(long Position, string Reason, bool Genuine);

/// <summary>The intervals that were closed at a tick.</summary>
/// <param name="Position">The tick's record.</param>
/// <param name="Closings">What was closed, in order.</param>
internal sealed record TickRecord(long Position, IReadOnlyList<ClosingDecision> Closings);

/// <summary>
/// What was decided of all records up to a position that no earlier decision covers. A message that is named neither as refused
/// nor as repeated was accepted; a tick that is not named closed nothing.
/// </summary>
internal sealed record BatchDecision(
    long Through, IReadOnlyList<RefusedRecord> Refused, IReadOnlyList<long> Repeated, IReadOnlyList<TickRecord> Ticks)
{
    private const byte Version = 1;

    public bool IsEmpty => Refused.Count == 0 && Repeated.Count == 0 && Ticks.Count == 0;

    public JournalRecord Write(Instant at)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Through);
        writer.Write(Refused.Count);
        foreach (var refused in Refused)
        {
            writer.Write(refused.Position);
            writer.Write(refused.Reason);
            writer.Write(refused.Genuine);
        }

        writer.Write(Repeated.Count);
        foreach (var position in Repeated)
            writer.Write(position);
        writer.Write(Ticks.Count);
        foreach (var tick in Ticks)
        {
            writer.Write(tick.Position);
            writer.Write(tick.Closings.Count);
            foreach (var closing in tick.Closings)
                WriteClosing(writer, closing);
        }

        writer.Flush();
        return new(RecordKind.Decision, Version, at, stream.ToArray());
    }

    public static BatchDecision Read(in JournalRecord record)
    {
        if (record.Version != Version)
            throw new InvalidDataException($"decision of version {record.Version}: this program is older than the journal; use the newer one");
        using var reader = new BinaryReader(new MemoryStream(record.Payload.ToArray()));
        var through = reader.ReadInt64();
        var refused = ReadList(reader, static from => new RefusedRecord(from.ReadInt64(), from.ReadString(), from.ReadBoolean()));
        var repeated = ReadList(reader, static from => from.ReadInt64());
        var ticks = ReadList(reader, static from => new TickRecord(from.ReadInt64(), ReadList(from, ReadClosing)));
        return new(through, refused, repeated, ticks);
    }

    private static List<T> ReadList<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var list = new List<T>();
        for (var left = reader.ReadInt32(); left > 0; left--)
            list.Add(read(reader));
        return list;
    }

    internal static void WriteClosing(BinaryWriter writer, ClosingDecision closing)
    {
        writer.Write(closing.Interval.Start.ToUnixTimeSeconds());
        writer.Write((byte)closing.Interval.Length.Minutes);
        writer.Write(closing.Version);
        writer.Write(closing.Estimates.Count);
        foreach (var (meter, registers) in closing.Estimates)
        {
            writer.Write(meter.Key.ToArray());
            writer.Write(registers.Import.MilliwattHours);
            writer.Write(registers.Export.MilliwattHours);
            for (var band = 0; band < BandRegisters.Count; band++)
                writer.Write(registers.Bands[band].MilliwattHours);
        }
    }

    internal static ClosingDecision ReadClosing(BinaryReader reader)
    {
        var start = Instant.FromUnixTimeSeconds(reader.ReadInt64());
        var interval = new Domain.Metering.Interval(start, IntervalLength.FromMinutes(reader.ReadByte()));
        var version = reader.ReadInt32();
        return new(interval, version, ReadList(reader, static from => KeyValuePair.Create(
            new MeterId(new Address(from.ReadBytes(Address.Length))),
            new Registers(ReadRegister(from), ReadRegister(from), new(ReadRegister(from), ReadRegister(from), ReadRegister(from), ReadRegister(from))))));
    }

    private static MeterRegister ReadRegister(BinaryReader reader) => MeterRegister.FromMilliwattHours(reader.ReadInt64());
}
