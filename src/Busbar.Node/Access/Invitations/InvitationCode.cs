using System.Security.Cryptography;

namespace Busbar.Node.Access.Invitations;

/// <summary>
/// A one-time code that people can read out and type: 80 random bits in Crockford's base 32, four groups of four. Letters that look like
/// digits are taken as those.
/// </summary>
internal static class InvitationCode
{
    public const int MostCharacters = 40;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 16;

    public static string New()
    {
        var digits = RandomNumberGenerator.GetString(Alphabet, Length);
        return $"{digits[..4]}-{digits[4..8]}-{digits[8..12]}-{digits[12..]}";
    }

    /// <summary>The one form of a code that was typed; null when it cannot be one.</summary>
    public static string? Normalize(string? typed)
    {
        if (typed is null || typed.Length > MostCharacters)
            return null;
        Span<char> digits = stackalloc char[Length];
        var count = 0;
        foreach (var character in typed)
        {
            if (character is '-' or ' ')
                continue;
            var digit = char.ToUpperInvariant(character) switch
            {
                'O' => '0',
                'I' or 'L' => '1',
                var other => other,
            };
            if (count == Length || !Alphabet.Contains(digit, StringComparison.Ordinal))
                return null;
            digits[count++] = digit;
        }

        return count == Length ? new string(digits) : null;
    }
}
