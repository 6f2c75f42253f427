using System.Globalization;
using System.Text;
using Busbar.Node.Access.Unicode;

namespace Busbar.Node.Access.Accounts;

/// <summary>
/// What may be an account's name: 2 to 64 letters, marks and digits of any script, with single spaces, dots, hyphens and underscores
/// inside. Two names that differ in case alone are the same.
/// </summary>
internal static class AccountName
{
    public const int Least = 2;
    public const int Most = 64;

    public const string Rule =
        "must have 2 to 64 letters or digits, with single spaces, dots, hyphens or underscores between them, and must not begin with 0x";

    public static bool IsAllowed(string? name)
    {
        if (name is null || name.Length is < Least or > Most || name.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return false;
        var joint = true;
        foreach (var rune in name.EnumerateRunes())
        {
            var isJoint = rune.Value is ' ' or '.' or '-' or '_';
            if (isJoint ? joint : !IsLetter(rune))
                return false;
            joint = isJoint;
        }

        return !joint;
    }

    /// <summary>The form in which names are compared.</summary>
    public static string Key(string name) => CompatibilityForm.Of(name).ToUpperInvariant().ToLowerInvariant();

    // The joiners of Hindi stand inside words and are no letters.
    private static bool IsLetter(Rune rune) => rune.Value is 0x200C or 0x200D || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber;
}
