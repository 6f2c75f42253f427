using System.Globalization;
using System.Text;

namespace Busbar.Node.Access.Bodies;

/// <summary>What people call something: 1 to 64 characters that can be seen, no line breaks or other controls.</summary>
internal static class Label
{
    public const int Most = 64;

    public const string Rule = "must have 1 to 64 characters, without line breaks or other controls, and not blank";

    public static bool IsAllowed(string? label)
    {
        if (string.IsNullOrWhiteSpace(label) || label.Length > Most)
            return false;
        foreach (var rune in label.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
            {
                return false;
            }
        }

        return true;
    }
}
