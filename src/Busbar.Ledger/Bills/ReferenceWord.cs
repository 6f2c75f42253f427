using System.Text;
using Busbar.Cryptography;

namespace Busbar.Ledger.Bills;

/// <summary>
/// A reference of somebody's own books as the ledger keeps it: a text in UTF-8 from the left with zeros behind, or 32 bytes as they are.
/// </summary>
public static class ReferenceWord
{
    /// <summary>The word of a reference; null when it is too long, or has a character that no reference has.</summary>
    /// <param name="text">At most 32 bytes in UTF-8, or 0x and 64 digits; empty is the word of zeros.</param>
    public static Hash256? Write(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith("0x", StringComparison.Ordinal) && Hash256.TryParse(text, out var word))
            return word;
        if (text.Any(char.IsControl) || Encoding.UTF8.GetByteCount(text) > Hash256.Length)
            return null;
        Span<byte> bytes = stackalloc byte[Hash256.Length];
        bytes.Clear();
        Encoding.UTF8.GetBytes(text, bytes);
        return new(bytes);
    }

    /// <summary>The text of a word, or its 32 bytes in hexadecimal where they are none; zeros are empty.</summary>
    public static string Read(Hash256 word)
    {
        var bytes = word.ToArray().AsSpan().TrimEnd((byte)0);
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
            return text.Any(char.IsControl) ? word.ToString() : text;
        }
        catch (DecoderFallbackException)
        {
            return word.ToString();
        }
    }
}
