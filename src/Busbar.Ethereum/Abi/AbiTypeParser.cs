using System.Globalization;

namespace Busbar.Ethereum.Abi;

/// <summary>Reads the text form of ABI types.</summary>
internal ref struct AbiTypeParser
{
    private const int MaximumDepth = 32;

    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private AbiTypeParser(ReadOnlySpan<char> text) => _text = text;

    public static AbiType Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new AbiTypeParser(text);
        var type = parser.ReadType(0);
        return parser._at == text.Length ? type : throw parser.Fail("unexpected text");
    }

    private AbiType ReadType(int depth)
    {
        if (depth > MaximumDepth)
            throw Fail("nested too deeply");
        var word = ReadWord();
        var type = word.Length == 0 || word is "tuple" ? ReadTuple(depth) : Elementary(word);
        while (TryTake('['))
        {
            if (++depth > MaximumDepth)
                throw Fail("nested too deeply");
            var start = _at;
            while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
                _at++;
            var digits = _text[start.._at];
            Take(']');
            type = digits.Length == 0 ? AbiType.ArrayOf(type) : AbiType.ArrayOf(type, ReadNumber(digits, "array length"));
        }

        return type;
    }

    private AbiType ReadTuple(int depth)
    {
        Take('(');
        var components = new List<AbiComponent>();
        do
        {
            SkipSpaces();
            var type = ReadType(depth + 1);
            SkipSpaces();
            components.Add(new AbiComponent(ReadWord().ToString(), type));
            SkipSpaces();
        }
        while (TryTake(','));
        Take(')');
        return AbiType.TupleOf(components);
    }

    private readonly AbiType Elementary(ReadOnlySpan<char> word)
    {
        switch (word)
        {
            case "bool": return AbiType.Simple(AbiKind.Bool, 0, "bool");
            case "address": return AbiType.Simple(AbiKind.Address, 0, "address");
            case "string": return AbiType.Simple(AbiKind.String, 0, "string");
            case "bytes": return AbiType.Simple(AbiKind.Bytes, 0, "bytes");
            case "function": return AbiType.Simple(AbiKind.FixedBytes, 24, "function");
            case "uint": return AbiType.Simple(AbiKind.UInt, 256, "uint256");
            case "int": return AbiType.Simple(AbiKind.Int, 256, "int256");
        }

        if (word.StartsWith("uint"))
            return Number(AbiKind.UInt, word[4..], word);
        if (word.StartsWith("int"))
            return Number(AbiKind.Int, word[3..], word);
        if (word.StartsWith("bytes") && ReadNumber(word[5..], "length") is var length and <= AbiWriter.WordLength)
            return AbiType.Simple(AbiKind.FixedBytes, length, word.ToString());
        throw Fail($"unknown type {word}");
    }

    private readonly AbiType Number(AbiKind kind, ReadOnlySpan<char> digits, ReadOnlySpan<char> word)
    {
        var bits = ReadNumber(digits, "width");
        return bits <= 256 && bits % 8 == 0 ? AbiType.Simple(kind, bits, word.ToString()) : throw Fail($"unknown type {word}");
    }

    private readonly int ReadNumber(ReadOnlySpan<char> digits, string what) =>
        digits.Length > 0 && digits[0] != '0' && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Fail($"no {what}");

    private ReadOnlySpan<char> ReadWord()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '$'))
            _at++;
        return _text[start.._at];
    }

    private void SkipSpaces()
    {
        while (_at < _text.Length && _text[_at] == ' ')
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

    private readonly FormatException Fail(string what) => new($"not an ABI type: {what} at character {_at}");
}
