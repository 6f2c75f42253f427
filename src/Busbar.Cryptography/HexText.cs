using System.Diagnostics.CodeAnalysis;

namespace Busbar.Cryptography;

/// <summary>Bytes as Ethereum writes them: <c>0x</c> and two digits a byte.</summary>
/// <remarks>
/// Strict: the prefix is needed (and is a small x), the number of digits is even, nothing else may stand around them.
/// Digits of either case are read, small ones are written.
/// </remarks>
public static class HexText
{
    /// <summary>Writes bytes as <c>0x…</c> in small letters; no bytes give <c>0x</c>.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>Reads <c>0x…</c> of any even number of digits.</summary>
    /// <exception cref="FormatException">The text is not such.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text) =>
        TryDecode(text, out var bytes) ? bytes : throw new FormatException("not 0x and an even number of hexadecimal digits");

    /// <summary>Reads <c>0x…</c> of any even number of digits; false, and null, for anything else.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length < 2 || text.Length % 2 != 0)
            return false;
        var decoded = new byte[(text.Length - 2) / 2];
        if (!TryDecode(text, decoded))
            return false;
        bytes = decoded;
        return true;
    }

    /// <summary>Reads <c>0x…</c> of exactly as many bytes as the destination holds; false for anything else.</summary>
    /// <remarks>After false the destination's content is undefined.</remarks>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination) =>
        text.StartsWith("0x", StringComparison.Ordinal)
        && text.Length == 2 + (2 * (long)destination.Length)
        && Convert.FromHexString(text[2..], destination, out _, out _) == System.Buffers.OperationStatus.Done;
}
