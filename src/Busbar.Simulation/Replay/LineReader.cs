using System.IO.Compression;
using System.Text;

namespace Busbar.Simulation.Replay;

/// <summary>Reads the lines of a text file, packed by gzip or not, each of a bounded length.</summary>
internal sealed class LineReader : IDisposable
{
    private const int MaximumLine = 1 << 20;

    private readonly StreamReader _reader;
    private char[] _buffer = new char[1 << 16];
    private int _start;
    private int _end;

    private LineReader(Stream stream) =>
        _reader = new StreamReader(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));

    /// <summary>The number of the line last read, from 1.</summary>
    public long Line { get; private set; }

    public static LineReader Open(string path)
    {
        var file = File.OpenRead(path);
        try
        {
            // By its first two bytes (RFC 1952, 2.3.1), since a name says nothing.
            var packed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            return new LineReader(packed ? new GZipStream(file, CompressionMode.Decompress) : file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The next line without its end, valid until the next call; false after the last.</summary>
    /// <exception cref="ReplayException">The line is too long.</exception>
    public bool TryRead(out ReadOnlySpan<char> line)
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf('\n');
            if (found >= 0)
            {
                line = Take(searched + found, skip: 1);
                return true;
            }

            searched = _end - _start;
            if (Fill())
                continue;
            line = Take(searched, skip: 0);
            return searched > 0;
        }
    }

    public void Dispose() => _reader.Dispose();

    private ReadOnlySpan<char> Take(int length, int skip)
    {
        var line = _buffer.AsSpan(_start, length);
        _start += length + skip;
        if (length + skip > 0)
            Line++;
        return line.EndsWith("\r") ? line[..^1] : line;
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MaximumLine)
                throw new ReplayException(new(Line + 1, Meter: null, ReplayProblemKind.TooLarge, $"a line of more than {MaximumLine} characters"));
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = _reader.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
