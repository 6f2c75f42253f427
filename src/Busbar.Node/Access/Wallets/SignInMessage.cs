using System.Globalization;
using System.Text.RegularExpressions;
using Busbar.Cryptography;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node.Access.Wallets;

/// <summary>
/// A Sign-In with Ethereum message, read strictly by the grammar of EIP-4361: every field in its place, nothing between, before or after
/// them. An address must carry its EIP-55 checksum, and a statement that is given has at least one character.
/// </summary>
internal sealed partial record SignInMessage
{
    public const int MostCharacters = 4096;

    private const string Greeting = " wants you to sign in with your Ethereum account:";
    private const string Form = "the message is not one of EIP-4361: ";

    public string? Scheme { get; private init; }

    public required string Domain { get; init; }

    public required Address Address { get; init; }

    public string? Statement { get; private init; }

    public required string Uri { get; init; }

    public required string Version { get; init; }

    public required ulong ChainId { get; init; }

    public required string Nonce { get; init; }

    public required Instant IssuedAt { get; init; }

    public Instant? ExpirationTime { get; private init; }

    public Instant? NotBefore { get; private init; }

    public string? RequestId { get; private init; }

    public IReadOnlyList<string> Resources { get; private init; } = [];

    /// <summary>Reads a message, or tells the first place where it is none.</summary>
    public static Answer<SignInMessage> Parse(string text)
    {
        try
        {
            return Read(text);
        }
        catch (FormatException fault)
        {
            return AccessRefused.MalformedMessage(Form + fault.Message);
        }
    }

    private static SignInMessage Read(string text)
    {
        if (text.Length > MostCharacters)
            throw new FormatException($"it has more than {MostCharacters} characters");
        var lines = new Lines(text);
        var head = lines.Next("greeting");
        if (!head.EndsWith(Greeting, StringComparison.Ordinal))
            throw new FormatException("its first line does not end as it should");
        var origin = head[..^Greeting.Length];
        var split = origin.IndexOf("://", StringComparison.Ordinal);
        var address = lines.Next("address");
        lines.Blank("after the address");
        var statement = lines.Next("statement");
        if (statement.Length > 0)
            lines.Blank("after the statement");
        return new()
        {
            Scheme = split < 0 ? null : Match(Schemes(), origin[..split], "scheme"),
            Domain = Match(Authorities(), split < 0 ? origin : origin[(split + 3)..], "domain"),
            Address = Address.TryParse(address, out var signer) && address == signer.ToString()
                ? signer
                : throw new FormatException("its address is none with an EIP-55 checksum"),
            Statement = statement.Length == 0 ? null : Match(Statements(), statement, "statement"),
            Uri = Match(Uris(), lines.Field("URI: "), "URI"),
            Version = lines.Field("Version: "),
            ChainId = Number(lines.Field("Chain ID: ")),
            Nonce = Match(Nonces(), lines.Field("Nonce: "), "nonce"),
            IssuedAt = Time(lines.Field("Issued At: "), "issued-at time"),
            ExpirationTime = lines.Optional("Expiration Time: ") is { } expiration ? Time(expiration, "expiration time") : null,
            NotBefore = lines.Optional("Not Before: ") is { } notBefore ? Time(notBefore, "not-before time") : null,
            RequestId = lines.Optional("Request ID: ") is { } request ? Match(Requests(), request, "request id") : null,
            Resources = Rest(lines),
        };
    }

    private static List<string> Rest(Lines lines)
    {
        var resources = new List<string>();
        if (lines.Optional("Resources:") is { } rest)
        {
            if (rest.Length > 0)
                throw new FormatException("something stands after its 'Resources:'");
            while (lines.Optional("- ") is { } resource)
                resources.Add(Match(Uris(), resource, "resource"));
        }

        lines.End();
        return resources;
    }

    private static ulong Number(string digits) =>
        ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException("its chain id is no number");

    private static Instant Time(string text, string what) => OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true } read
        ? read.Value.ToInstant()
        : throw new FormatException($"its {what} is none of RFC 3339");

    private static string Match(Regex rule, string text, string what) =>
        rule.IsMatch(text) ? text : throw new FormatException($"its {what} is missing or has characters that it may not have");

    // RFC 3986. The patterns have no alternatives that overlap, so that none takes long.
    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9+.\-]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Schemes();

    [GeneratedRegex(
        @"\A(?:(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})*@)?"
        + @"(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})+)(?::[0-9]*)?\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking,
        1000)]
    private static partial Regex Authorities();

    [GeneratedRegex(@"\A[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;= ]+\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Statements();

    [GeneratedRegex(
        @"\A[A-Za-z][A-Za-z0-9+.\-]*:(?:[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*"
        + @"(?:#(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking,
        1000)]
    private static partial Regex Uris();

    [GeneratedRegex(@"\A[A-Za-z0-9]{8,128}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Nonces();

    [GeneratedRegex(
        @"\A(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, 1000)]
    private static partial Regex Requests();

    /// <summary>The lines of a message, one after the other.</summary>
    private sealed class Lines(string text)
    {
        private readonly string[] _lines = text.Split('\n');
        private int _next;

        public string Next(string what) =>
            _next < _lines.Length ? _lines[_next++] : throw new FormatException($"it ends before its {what}");

        public void Blank(string where)
        {
            if (Next("blank line").Length > 0)
                throw new FormatException($"there is no blank line {where}");
        }

        public string Field(string name) => Optional(name) ?? throw new FormatException($"there is no '{name.TrimEnd()}' where it belongs");

        public string? Optional(string name) =>
            _next < _lines.Length && _lines[_next].StartsWith(name, StringComparison.Ordinal) ? _lines[_next++][name.Length..] : null;

        public void End()
        {
            if (_next < _lines.Length)
                throw new FormatException("something stands after its last field");
        }
    }
}
