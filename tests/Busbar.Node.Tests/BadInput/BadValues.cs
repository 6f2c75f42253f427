using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Busbar.Node.Tests.BadInput;

/// <summary>What callers send that nobody should: the same each time, and as much again by chance from a seed.</summary>
internal static class BadValues
{
    /// <summary>Is in every text, so that a log which has it has kept what somebody typed.</summary>
    public const string Mark = "sesame7f3a";

    private const string Seed = "bad input 1";

    private static readonly string[] Letters =
        ["a", "0", "-", ".", "/", "\\", "%", "\"", "'", "<", "{", "[", ",", ":", ";", "\u0000", "\n", "\u202e", "\ud83d\ude00", "\u0301", " ", "x", "E", "+"];

    /// <summary>Texts for the path and the query.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    [
        "", " ", Mark, "null", "true", "0", "-1", "1", "01", "+1", "1.5", "1e400", "NaN", "Infinity", "-0",
        "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615",
        "18446744073709551616", "115792089237316195423570985008687907853269984665640564039457584007913129639936",
        "1,2", "1.1", "9223372036854775808.1", "18446744073709551615.2147483647", "0x", "0xg", "0x" + new string('0', 40), "0x" + new string('f', 40),
        "0x" + new string('0', 64), "0x" + new string('F', 64), new string('a', 10_000), "\u0000" + Mark, "\u202e" + Mark, "\ufeff", "\ufffd", "\r\nX-" + Mark + ": 1",
        "2026-02-30T00:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "-9998-01-01T00:00:00Z", "2026-06-21T00:00:00+18:00",
        "9999-12-31T23:59:59-18:00", "interval,hour", "5", "' OR 1=1 --" + Mark, "\"; DROP TABLE house; --", "<script>" + Mark + "</script>", "{}", "[]", "*", "%",
        .. Enumerable.Range(0, 24).Select(Chance),
    ];

    /// <summary>Path segments as they stand on the wire, not encoded for it.</summary>
    public static IReadOnlyList<string> RawSegments { get; } =
    [
        "..", "../..", "%2e%2e", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c..%5c", "\\..\\", "//", "%00", "%", "%zz", "%c0%ae", "%ff", ";a=b", ".", "%2f", "?", "%0d%0aX:1",
    ];

    /// <summary>JSON of a member, some of it none.</summary>
    public static IReadOnlyList<string> Tokens { get; } =
    [
        "null", "true", "0", "-1", "1.5", "2147483648", "-2147483649", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616",
        "115792089237316195423570985008687907853269984665640564039457584007913129639936", "1e400", "-1e400", "1e-400", "NaN", "Infinity", "01", "+1", ".5",
        "[]", "{}", "[null]", "[[]]", "{\"" + Mark + "\":1}", "\"\\ud800\"", "\"\\udc00" + Mark + "\"", "\"\\u0000" + Mark + "\"", "\"\u0001\"", "\"" + Mark, "'" + Mark + "'", "",
        "[" + string.Join(',', Enumerable.Repeat("0", 1000)) + "]", "[" + string.Join(',', Enumerable.Repeat("null", 1000)) + "]",
        "[" + string.Join(',', Enumerable.Repeat("{}", 1000)) + "]", Nested(15), Nested(17), Nested(2000), Objects(70), "1,\"" + Mark + "\":1",
    ];

    /// <summary>The texts as JSON.</summary>
    public static IReadOnlyList<string> TextTokens { get; } = [.. Texts.Select(text => JsonSerializer.Serialize(text))];

    /// <summary>Whole bodies.</summary>
    public static IReadOnlyList<byte[]> Bodies { get; } =
    [
        .. new[]
        {
            "", " ", "null", "[]", "{}", "[null]", "[{}]", "{", "}", "\"" + Mark + "\"", "1", "{\"" + Mark + "\":1}", "{\"a\":1,\"a\":1}", Nested(15), Nested(10_000), Objects(5_000),
            "{}{}", "{} " + Mark, "/* " + Mark + " */{}", "<xml>" + Mark + "</xml>", "a=1&b=2", "\ufeff{}",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00], [0x22, 0xed, 0xa0, 0x80, 0x22], [0x00], [.. Enumerable.Range(0, 256).Select(one => (byte)one)],
    ];

    /// <summary>Headers by name, each with values that their readers do not expect.</summary>
    public static IReadOnlyList<(string Name, string Value)> Headers { get; } =
    [
        .. from name in (string[])["Origin", "Sec-Fetch-Site", "Cookie", "X-Busbar-Csrf", "If-None-Match", "Last-Event-ID", "Content-Type", "Accept", "Authorization"]
           from value in (string[])
           [
               "", "null" + Mark, "*", "115792089237316195423570985008687907853269984665640564039457584007913129639936", ",,,\"", "http://[::1",
               "busbar-session=" + new string('A', 43) + "; busbar-session=" + Mark, "Bearer " + Mark, "application/json; charset=utf-7", "multipart/form-data; boundary=" + Mark,
               "\u00ff\u00fe", new string('z', 6_000),
           ]
           select (name, value),
    ];

    /// <summary>Headers that HTTP itself depends on.</summary>
    public static IReadOnlyList<(string Name, string Value)> Framing { get; } =
    [
        ("Host", ""), ("Host", Mark), ("Host", "localhost:99999999"), ("Host", "[::1"), ("Host", "a b"), ("Host", "localhost/" + Mark), ("Host", "localhost@evil.example"),
        ("Host", "\u00ff"), ("Host", "localhost\u0000"), ("Host", new string('h', 5_000)), ("Content-Length", "-1"), ("Content-Length", "9223372036854775808"),
        ("Content-Length", "1e3"), ("Content-Length", "0x10"), ("Content-Length", "99999999999"), ("Content-Length", ""), ("Transfer-Encoding", "gzip"), ("Transfer-Encoding", "chunked, chunked"),
        ("Expect", Mark), ("Connection", "Upgrade"), ("Upgrade", "h2c"), ("Bad Name", "x"), ("X\u0000", "x"), ("X", "a\rb"),
    ];

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static string Objects(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    private static string Chance(int number)
    {
        var bytes = Cryptography.Keccak256.Hash(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Seed} {number}"))).ToArray();
        return string.Concat(bytes.Take(1 + (bytes[31] % 24)).Select(one => Letters[one % Letters.Length]));
    }
}
