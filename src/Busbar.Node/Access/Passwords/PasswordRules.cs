using System.Text;
using Busbar.Node.Access.Unicode;

namespace Busbar.Node.Access.Passwords;

/// <summary>What may be a password: 10 to 256 characters of any script, in one form of writing (NFKC).</summary>
internal static class PasswordRules
{
    public const int Least = 10;
    public const int Most = 256;

    /// <summary>The rule that a text breaks; null when it may be a password.</summary>
    public static string? Broken(string? password)
    {
        if (password is null || password.Length < Least)
            return $"must have at least {Least} characters";
        if (password.Length > Most)
            return $"must have at most {Most} characters";
        return IsWellFormed(password) ? null : "must be well-formed Unicode text";
    }

    /// <summary>The bytes that are hashed.</summary>
    public static byte[] Bytes(string password) => Encoding.UTF8.GetBytes(CompatibilityForm.Of(password));

    private static bool IsWellFormed(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            // What is no character comes out of the enumeration as U+FFFD; nobody types that either.
            if (rune == Rune.ReplacementChar)
                return false;
        }

        return true;
    }
}
