using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Readings;
using Busbar.Store.Bytes;
using Busbar.Store.Readings;
using NodaTime;

namespace Busbar.Store.Packing;

/// <summary>
/// One meter's registers over one UTC day in a blob, kept for ever: the instants as runs of equal steps, then each register
/// as its first value and the differences; a register that does not move takes its value and one byte. At 15 minutes about 3
/// to 10 bytes a reading. The object is the decoder's memory, used for day after day.
/// </summary>
internal sealed class DayValues
{
    public const long SecondsPerDay = 86_400;

    private const byte Form = 1;
    private const int Columns = 2 + BandRegisters.Count;
    private const int MostReadings = 1_000_000;

    private readonly long[][] _columns = [[], [], [], [], [], []];
    private readonly bool[] _constant = new bool[Columns];
    private long[] _instants = [];

    public int Count { get; private set; }

    /// <summary>Encodes readings in order of their instants.</summary>
    public static void Write(ByteWriter writer, long day, ReadOnlySpan<HotReading> readings)
    {
        writer.Byte(Form);
        writer.Varint((ulong)readings.Length);
        if (readings.IsEmpty)
            return;
        WriteInstants(writer, day * SecondsPerDay, readings);
        for (var column = 0; column < Columns; column++)
            WriteColumn(writer, readings, column);
    }

    /// <summary>Decodes a day; the values then are at their places until the next one.</summary>
    /// <exception cref="InvalidDataException">The blob is not one.</exception>
    public void Read(ReadOnlySpan<byte> blob, long day)
    {
        var reader = new ByteReader(blob);
        if (reader.Byte() != Form)
            throw new InvalidDataException("a packed day has an unknown form");
        var count = reader.Count(MostReadings);
        Count = 0;
        if (count > 0)
        {
            Reserve(count);
            ReadInstants(ref reader, day * SecondsPerDay, count);
            for (var column = 0; column < Columns; column++)
                _constant[column] = ReadColumn(ref reader, _columns[column].AsSpan(0, count));
        }

        if (!reader.AtEnd)
            throw new InvalidDataException("a packed day has bytes left over");
        Count = count;
    }

    /// <summary>Unix seconds of a reading.</summary>
    public long At(int index) => _instants[index];

    public Registers Registers(int index) => new(
        Register(0, index),
        Register(1, index),
        HasBands ? new(Register(2, index), Register(3, index), Register(4, index), Register(5, index)) : default);

    /// <summary>Adds the points from an instant up to but without another; of several in one second the last.</summary>
    public void AddTo(List<RegisterPoint> points, long from, long to)
    {
        for (var i = 0; i < Count; i++)
        {
            var at = _instants[i];
            if (at < from || at >= to || (i + 1 < Count && _instants[i + 1] == at))
                continue;
            points.Add(new(Instant.FromUnixTimeSeconds(at), Registers(i)));
        }
    }

    private bool HasBands => !(IsZero(2) && IsZero(3) && IsZero(4) && IsZero(5));

    private bool IsZero(int column) => _constant[column] && _columns[column][0] == 0;

    private MeterRegister Register(int column, int index) => MeterRegister.FromMilliwattHours(_columns[column][_constant[column] ? 0 : index]);

    private static long Value(in Registers registers, int column) => column switch
    {
        0 => registers.Import.MilliwattHours,
        1 => registers.Export.MilliwattHours,
        _ => registers.Bands[column - 2].MilliwattHours,
    };

    private static void WriteInstants(ByteWriter writer, long start, ReadOnlySpan<HotReading> readings)
    {
        writer.Varint((ulong)(readings[0].At - start));
        for (var i = 1; i < readings.Length;)
        {
            var step = readings[i].At - readings[i - 1].At;
            var run = 1;
            while (i + run < readings.Length && readings[i + run].At - readings[i + run - 1].At == step)
                run++;
            writer.Varint((ulong)step);
            writer.Varint((ulong)run);
            i += run;
        }
    }

    private static void WriteColumn(ByteWriter writer, ReadOnlySpan<HotReading> readings, int column)
    {
        var first = Value(readings[0].Registers, column);
        var moves = false;
        for (var i = 1; i < readings.Length && !moves; i++)
            moves = Value(readings[i].Registers, column) != first;
        writer.Varint((ulong)first);
        writer.Byte(moves ? (byte)1 : (byte)0);
        var last = first;
        for (var i = 1; moves && i < readings.Length; i++)
        {
            var value = Value(readings[i].Registers, column);
            writer.Difference(value, last);
            last = value;
        }
    }

    private static bool ReadColumn(ref ByteReader reader, Span<long> column)
    {
        var value = InRange(unchecked((long)reader.Varint()));
        column[0] = value;
        var moves = reader.Byte();
        if (moves > 1)
            throw new InvalidDataException("a packed register has an unknown form");
        if (moves == 0)
            return true;
        for (var i = 1; i < column.Length; i++)
            column[i] = value = InRange(reader.Difference(value));
        return false;
    }

    private static long InRange(long register) =>
        register >= 0 ? register : throw new InvalidDataException("a packed register is out of range");

    private void ReadInstants(ref ByteReader reader, long start, int count)
    {
        var at = start + reader.Count((int)SecondsPerDay - 1);
        _instants[0] = at;
        for (var i = 1; i < count;)
        {
            var step = reader.Count((int)SecondsPerDay);
            var run = reader.Count(count - i);
            if (run == 0)
                throw new InvalidDataException("a packed day has an empty run");
            for (; run > 0; run--)
                _instants[i++] = at += step;
        }

        if (at >= start + SecondsPerDay)
            throw new InvalidDataException("a packed day goes beyond its day");
    }

    private void Reserve(int count)
    {
        if (_instants.Length >= count)
            return;
        _instants = new long[count];
        for (var column = 0; column < Columns; column++)
            _columns[column] = new long[count];
    }
}
