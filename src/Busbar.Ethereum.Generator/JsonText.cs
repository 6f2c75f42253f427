using System.Globalization;
using System.Text;

namespace Busbar.Ethereum.Generator;

/// <summary>
/// Reads JSON. The compiler loads an analyzer without its packages, and System.Text.Json is one for it: these lines cost
/// less than carrying the package along.
/// </summary>
internal sealed class JsonText
{
    private const int MaximumDepth = 64;

    private readonly string _text;
    private int _at;

    private JsonText(string text) => _text = text;

    public static JsonValue Parse(string text)
    {
        var reader = new JsonText(text);
        var value = reader.ReadValue(0);
        reader.SkipSpace();
        return reader._at == text.Length ? value : throw reader.Fail("text behind the value");
    }

    private JsonValue ReadValue(int depth)
    {
        if (depth > MaximumDepth)
            throw Fail("nested too deeply");
        SkipSpace();
        switch (Peek())
        {
            case '{':
                return ReadObject(depth);
            case '[':
                return ReadList(depth);
            case '"':
                return new JsonValue(ReadString());
            default:
                var start = _at;
                while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || "+-.".IndexOf(_text[_at]) >= 0))
                    _at++;
                var word = _text.Substring(start, _at - start);
                return word.Length > 0 ? new JsonValue((string?)null) { IsTrue = word == "true" } : throw Fail("no value");
        }
    }

    private JsonValue ReadObject(int depth)
    {
        var members = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
        Take('{');
        SkipSpace();
        if (TryTake('}'))
            return new JsonValue(members);
        do
        {
            SkipSpace();
            var name = ReadString();
            SkipSpace();
            Take(':');
            members[name] = ReadValue(depth + 1);
            SkipSpace();
        }
        while (TryTake(','));
        Take('}');
        return new JsonValue(members);
    }

    private JsonValue ReadList(int depth)
    {
        var items = new List<JsonValue>();
        Take('[');
        SkipSpace();
        if (TryTake(']'))
            return new JsonValue(items);
        do
        {
            items.Add(ReadValue(depth + 1));
            SkipSpace();
        }
        while (TryTake(','));
        Take(']');
        return new JsonValue(items);
    }

    private string ReadString()
    {
        Take('"');
        var start = _at;
        while (_at < _text.Length && _text[_at] != '"' && _text[_at] != '\\')
            _at++;
        var text = new StringBuilder(_text, start, _at - start, Math.Max(16, _at - start));
        while (!TryTake('"'))
        {
            var next = Peek();
            _at++;
            text.Append(next == '\\' ? ReadEscape() : next);
        }

        return text.ToString();
    }

    private char ReadEscape()
    {
        var kind = Peek();
        _at++;
        switch (kind)
        {
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when _at + 4 <= _text.Length
                && ushort.TryParse(_text.Substring(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _at += 4;
                return (char)code;
            case '"' or '\\' or '/': return kind;
            default: throw Fail("unknown escape");
        }
    }

    private char Peek() => _at < _text.Length ? _text[_at] : throw Fail("the text ends too early");

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
    }

    private bool TryTake(char expected)
    {
        if (_at >= _text.Length || _text[_at] != expected)
            return false;
        _at++;
        return true;
    }

    private void Take(char expected)
    {
        if (!TryTake(expected))
            throw Fail($"no {expected}");
    }

    private FormatException Fail(string what) => new($"{what} at character {_at}");
}
