using System.Buffers.Binary;
using System.Numerics;
using Busbar.Device.Files;

namespace Busbar.Device.Buffer;

/// <summary>What a record of the buffer's file says. The numbers are those on disk.</summary>
internal enum BufferRecord : byte
{
    /// <summary>A signed reading; a later one of the same sequence number takes its place.</summary>
    Reading = 1,

    /// <summary>Everything up to a sequence number is acknowledged; a lower number than before takes back.</summary>
    Acknowledged = 2,

    /// <summary>Everything up to a sequence number that is not here is lost.</summary>
    Lost = 3,
}

/// <summary>
/// An append-only file of records: length 4 bytes, CRC-32C of kind and content 4, kind 1, content; big-endian. Whatever follows the
/// first record that is not whole is cut off when the file is opened.
/// </summary>
internal sealed class BufferFile : IDisposable
{
    private const int FrameSize = 9;
    private const int MaximumContent = 1024;

    private readonly string _path;
    private FileStream _file;

    private BufferFile(string path, FileStream file)
    {
        _path = path;
        _file = file;
    }

    private static ReadOnlySpan<byte> Mark => "BUSBAR-READINGS1"u8;

    /// <summary>How many bytes were cut off at opening.</summary>
    public long CutBytes { get; private set; }

    /// <summary>The records now in the file.</summary>
    public int Records { get; private set; }

    /// <summary>Opens or makes the file and tells its records in their order.</summary>
    public static BufferFile Open(string path, Action<BufferRecord, ReadOnlySpan<byte>> apply)
    {
        var isNew = !File.Exists(path);
        var opened = new BufferFile(path, DurableFile.Open(path, FileMode.OpenOrCreate));
        try
        {
            opened.Load(apply);
            if (isNew)
                DirectorySync.Force(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Adds a record; on disk when it returns, if it is to be.</summary>
    public void Append(BufferRecord kind, ReadOnlySpan<byte> content, bool force)
    {
        Span<byte> frame = stackalloc byte[FrameSize + content.Length];
        WriteFrame(frame, kind, content);
        _file.Write(frame);
        if (force)
            _file.Flush(flushToDisk: true);
        Records++;
    }

    /// <summary>Replaces the whole content by fewer records.</summary>
    public void Rewrite(IEnumerable<(BufferRecord Kind, byte[] Content)> records)
    {
        using var content = new MemoryStream();
        content.Write(Mark);
        var count = 0;
        var frame = new byte[FrameSize + MaximumContent];
        foreach (var (kind, bytes) in records)
        {
            WriteFrame(frame, kind, bytes);
            content.Write(frame, 0, FrameSize + bytes.Length);
            count++;
        }

        DurableFile.Replace(_path, content.GetBuffer().AsSpan(0, (int)content.Length));
        _file.Dispose();
        _file = DurableFile.Open(_path, FileMode.Open);
        _file.Seek(0, SeekOrigin.End);
        Records = count;
    }

    public void Dispose() => _file.Dispose();

    private static void WriteFrame(Span<byte> frame, BufferRecord kind, ReadOnlySpan<byte> content)
    {
        BinaryPrimitives.WriteInt32BigEndian(frame, content.Length);
        frame[8] = (byte)kind;
        content.CopyTo(frame[FrameSize..]);
        BinaryPrimitives.WriteUInt32BigEndian(frame[4..], Checksum(frame.Slice(8, 1 + content.Length)));
    }

    private void Load(Action<BufferRecord, ReadOnlySpan<byte>> apply)
    {
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var good = 0;
        if (bytes.AsSpan().StartsWith(Mark))
            for (good = Mark.Length; TryReadFrame(bytes.AsSpan(good), out var kind, out var content); good += FrameSize + content.Length)
            {
                apply(kind, content);
                Records++;
            }

        CutBytes = bytes.Length - good;
        _file.SetLength(good);
        _file.Seek(good, SeekOrigin.Begin);
        if (good == 0)
            _file.Write(Mark);
        _file.Flush(flushToDisk: true);
    }

    private static bool TryReadFrame(ReadOnlySpan<byte> bytes, out BufferRecord kind, out ReadOnlySpan<byte> content)
    {
        kind = default;
        content = default;
        if (bytes.Length < FrameSize)
            return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (length is < 0 or > MaximumContent || length > bytes.Length - FrameSize
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) != Checksum(bytes.Slice(8, 1 + length)))
            return false;
        kind = (BufferRecord)bytes[8];
        content = bytes.Slice(FrameSize, length);
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes)
            sum = BitOperations.Crc32C(sum, one);
        return ~sum;
    }
}
