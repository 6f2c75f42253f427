using System.Text;

namespace Busbar.Ethereum.Generator;

/// <summary>Writes lines of C#, indented by the braces it opened.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string line = "")
    {
        if (line.Length > 0)
            _text.Append(' ', 4 * _depth).Append(line);
        _text.Append('\n');
    }

    public void Open(string line)
    {
        Line(line);
        Line("{");
        _depth++;
    }

    public void Close(string after = "")
    {
        _depth--;
        Line("}" + after);
    }

    public void Summary(string words) => Line($"/// <summary>{Escape(words)}</summary>");

    public void Param(string name, string words) => Line($"/// <param name=\"{name.TrimStart('@')}\">{Escape(words)}</param>");

    public override string ToString() => _text.ToString();

    private static string Escape(string words) =>
        words.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\r", string.Empty).Replace("\n", " ");
}
