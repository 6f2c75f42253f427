namespace Busbar.Simulation.Replay;

/// <summary>Cuts a line into fields, as RFC 4180 has it; a field may be quoted but may not hold the end of a line.</summary>
internal sealed class FieldSplitter(char separator)
{
    private Range[] _fields = new Range[64];

    /// <summary>How many fields the last line has.</summary>
    public int Count { get; private set; }

    /// <summary>Where a field lies in the last line, without its quotes.</summary>
    public Range this[int field] => _fields[field];

    public void Split(ReadOnlySpan<char> line)
    {
        Count = 0;
        for (var at = 0; ;)
        {
            var rest = line[at..];
            if (rest.StartsWith("\"") && rest[1..].IndexOf('"') is >= 0 and var quote
                && (at + quote + 2 == line.Length || line[at + quote + 2] == separator))
            {
                Add(new Range(at + 1, at + 1 + quote));
                at += quote + 2;
            }
            else
            {
                var length = rest.IndexOf(separator);
                length = length < 0 ? rest.Length : length;
                Add(new Range(at, at + length));
                at += length;
            }

            if (at == line.Length)
                return;
            at++;
        }
    }

    private void Add(Range field)
    {
        if (Count == _fields.Length)
            Array.Resize(ref _fields, _fields.Length * 2);
        _fields[Count++] = field;
    }
}
