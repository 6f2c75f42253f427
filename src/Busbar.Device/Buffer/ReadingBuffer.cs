using System.Buffers.Binary;
using Busbar.Domain.Metering;

namespace Busbar.Device.Buffer;

/// <summary>
/// The readings that a meter keeps while the link is down, in a file that a kill or a power cut does not harm: a reading is on disk when
/// <see cref="Append"/> returns. Bounded; when it is full the oldest is given up and counted as lost. Acknowledged readings are kept a
/// while too, since the node may ask for them again. Thread safe.
/// </summary>
public sealed class ReadingBuffer : IDisposable
{
    /// <summary>How many unacknowledged readings are kept by default: 35 days of quarter hours.</summary>
    public const int DefaultCapacity = 35 * 96;

    /// <summary>How many acknowledged readings are kept: a week of quarter hours.</summary>
    public const int KeptAcknowledged = 7 * 96;

    private const int SpareRecords = 1024;

    private readonly int _capacity;
    private readonly SigningDomain _domain;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ulong, SignedReading> _readings = [];
    private readonly BufferFile _file;
    private ulong _acknowledged;
    private ulong _lost;
    private ulong _last;
    private int _waiting;

    private ReadingBuffer(string path, int capacity, SigningDomain domain)
    {
        _capacity = capacity;
        _domain = domain;
        _file = BufferFile.Open(path, Apply);
        CountWaiting();
        Trim();
    }

    /// <summary>How many readings wait for their acknowledgement.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting;
        }
    }

    /// <summary>How many bytes of a record that was not whole were cut off when the file was opened.</summary>
    public long CutBytes => _file.CutBytes;

    /// <summary>The newest reading that is kept, acknowledged or not.</summary>
    public SignedReading? Newest
    {
        get
        {
            lock (_gate)
                return _readings.Count == 0 ? null : _readings.Last().Value;
        }
    }

    /// <summary>The highest sequence number that was ever kept or given up.</summary>
    internal ulong LastSequence
    {
        get
        {
            lock (_gate)
                return Math.Max(Math.Max(_last, _lost), _acknowledged);
        }
    }

    /// <summary>Opens a buffer, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="domain">Where the readings' signatures hold.</param>
    /// <param name="capacity">Unacknowledged readings kept, 672 (a week of quarter hours) or more.</param>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static ReadingBuffer Open(string path, SigningDomain domain, int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, KeptAcknowledged);
        return new ReadingBuffer(path, capacity, domain);
    }

    /// <summary>Keeps a reading; it is on disk when this returns.</summary>
    /// <exception cref="ArgumentException">Its sequence number is not above all others.</exception>
    /// <exception cref="IOException">The disk is full or failing; the reading is not kept.</exception>
    public void Append(SignedReading reading)
    {
        lock (_gate)
        {
            var sequence = reading.Reading.Sequence;
            if (sequence <= _last)
                throw new ArgumentException($"sequence {sequence} does not follow {_last}", nameof(reading));
            WriteReading(reading);
            _waiting++;
            Trim();
            CompactIfWorth();
        }
    }

    /// <summary>The first reading from a sequence number on that is not acknowledged, and whether those before it are lost and not yet declared so.</summary>
    public SignedReading? NextWaiting(ulong from, out bool followsLoss)
    {
        lock (_gate)
        {
            followsLoss = false;
            var least = Math.Max(from, _acknowledged + 1);
            if (_last < least)
                return null;
            // Sequence numbers are without holes but for what was lost, so the first look nearly always hits.
            if (!_readings.TryGetValue(least, out var found))
                found = _readings.Values.First(reading => reading.Reading.Sequence >= least);
            followsLoss = found.Reading.Sequence == _lost + 1 && _lost > 0 && !found.Reading.Flags.HasFlag(ReadingFlags.ReadingsLost);
            return found;
        }
    }

    /// <summary>Puts a reading in the place of the one with the same sequence number; on disk when this returns.</summary>
    public void Replace(SignedReading reading)
    {
        lock (_gate)
        {
            if (!_readings.ContainsKey(reading.Reading.Sequence))
                throw new ArgumentException($"sequence {reading.Reading.Sequence} is not kept", nameof(reading));
            WriteReading(reading);
        }
    }

    /// <summary>Notes that the node has everything up to a sequence number. Not forced to disk: what is forgotten is sent once more.</summary>
    public void Acknowledge(ulong sequence)
    {
        lock (_gate)
        {
            if (sequence <= _acknowledged)
                return;
            WriteNumber(BufferRecord.Acknowledged, sequence, force: false);
            Trim();
            CompactIfWorth();
        }
    }

    /// <summary>
    /// Goes back so that everything from a sequence number on is sent again. What is no longer kept is lost: the oldest reading that is
    /// kept, or the next one, will say so. When the node has more than was ever given out here, numbering goes on from there.
    /// </summary>
    public void Rewind(ulong expected)
    {
        lock (_gate)
        {
            if (expected > _last + 1)
            {
                DeclareLost(expected - 1);
                return;
            }

            var first = _readings.Keys.FirstOrDefault(sequence => sequence >= expected, _last + 1);
            if (first > expected)
                WriteNumber(BufferRecord.Lost, first - 1, force: true);
            WriteNumber(BufferRecord.Acknowledged, first - 1, force: true);
            Trim();
        }
    }

    /// <summary>Notes that sequence numbers up to this one were given out and are not here: the file was lost or damaged.</summary>
    internal void DeclareLost(ulong sequence)
    {
        lock (_gate)
        {
            WriteNumber(BufferRecord.Lost, sequence, force: true);
            _last = Math.Max(_last, sequence);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private void Apply(BufferRecord kind, ReadOnlySpan<byte> content)
    {
        if (kind is BufferRecord.Reading && ReadingForm.TryRead(content) is { } reading)
        {
            _readings[reading.Reading.Sequence] = reading;
            _last = Math.Max(_last, reading.Reading.Sequence);
        }
        else if (kind is BufferRecord.Acknowledged && content.Length == 8)
        {
            _acknowledged = BinaryPrimitives.ReadUInt64BigEndian(content);
        }
        else if (kind is BufferRecord.Lost && content.Length == 8)
        {
            _lost = Math.Max(_lost, BinaryPrimitives.ReadUInt64BigEndian(content));
        }
    }

    private void WriteReading(SignedReading reading)
    {
        Span<byte> content = stackalloc byte[ReadingForm.Size];
        ReadingForm.Write(reading, _domain, content);
        _file.Append(BufferRecord.Reading, content, force: true);
        Apply(BufferRecord.Reading, content);
    }

    private void WriteNumber(BufferRecord kind, ulong number, bool force)
    {
        Span<byte> content = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(content, number);
        _file.Append(kind, content, force);
        Apply(kind, content);
        CountWaiting();
    }

    private void CountWaiting() => _waiting = _readings.Keys.Count(sequence => sequence > _acknowledged);

    private void Trim()
    {
        while (_readings.Count > 0 && _readings.Count - _waiting > KeptAcknowledged)
            _readings.Remove(_readings.First().Key);
        while (_waiting > _capacity)
        {
            var oldest = _readings.Keys.First(sequence => sequence > _acknowledged);
            _readings.Remove(oldest);
            WriteNumber(BufferRecord.Lost, oldest, force: true);
        }
    }

    private void CompactIfWorth()
    {
        if (_file.Records < (2 * _readings.Count) + SpareRecords)
            return;
        _file.Rewrite(Records());
    }

    private IEnumerable<(BufferRecord Kind, byte[] Content)> Records()
    {
        yield return (BufferRecord.Acknowledged, Number(_acknowledged));
        yield return (BufferRecord.Lost, Number(_lost));
        foreach (var reading in _readings.Values)
        {
            var content = new byte[ReadingForm.Size];
            ReadingForm.Write(reading, _domain, content);
            yield return (BufferRecord.Reading, content);
        }
    }

    private static byte[] Number(ulong number)
    {
        var content = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(content, number);
        return content;
    }
}
