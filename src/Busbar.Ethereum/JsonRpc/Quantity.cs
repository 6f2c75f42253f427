using System.Globalization;
using System.Numerics;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>
/// Whole numbers as nodes write them: <c>0x</c> and hexadecimal digits without leading zeros, zero being <c>0x0</c>.
/// Source: the Ethereum JSON-RPC specification, "hex encoding".
/// </summary>
public static class Quantity
{
    private const int MaximumDigits = 64;

    /// <summary>Writes a number.</summary>
    public static string Format(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Writes a number from 0 to 2^256 - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside.</exception>
    public static string Format(BigInteger value)
    {
        if (value.Sign < 0 || value.GetBitLength() > 256)
            throw new ArgumentOutOfRangeException(nameof(value), value, "a quantity is 0 to 2^256 - 1");
        var digits = value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return digits.Length == 0 ? "0x0" : "0x" + digits;
    }

    /// <summary>Reads a number of at most 64 bits; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        return IsCanonical(text, 16) && ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Reads a number of at most 256 bits; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out BigInteger value)
    {
        value = default;
        // The zero in front keeps the first digit from being read as a sign.
        return IsCanonical(text, MaximumDigits)
            && BigInteger.TryParse(string.Concat("0", text[2..]), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private static bool IsCanonical(ReadOnlySpan<char> text, int maximumDigits) =>
        text.StartsWith("0x", StringComparison.Ordinal)
        && text.Length > 2
        && text.Length <= 2 + maximumDigits
        && (text[2] != '0' || text.Length == 3);
}
