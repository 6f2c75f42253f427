using System.Globalization;

namespace Busbar.Domain.Quantities;

/// <summary>A whole number of small units as the exact decimal text of a large one, both ways.</summary>
internal static class WholeText
{
    /// <summary>The text, without zeros behind the last digit that counts.</summary>
    public static string Format(UInt128 units, int places, bool isNegative = false)
    {
        var scale = Power(places);
        var (whole, part) = UInt128.DivRem(units, scale);
        var text = whole.ToString(CultureInfo.InvariantCulture);
        if (part != 0)
            text += "." + part.ToString(CultureInfo.InvariantCulture).PadLeft(places, '0').TrimEnd('0');
        return isNegative && units != 0 ? "-" + text : text;
    }

    /// <summary>
    /// Reads digits with at most so many behind a point: no sign, exponent, blank or needless zero before, which YAML and people read
    /// in more than one way.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, int places, out UInt128 units)
    {
        units = 0;
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var part = point < 0 ? default : text[(point + 1)..];
        if (whole.IsEmpty || (whole.Length > 1 && whole[0] == '0') || (point >= 0 && part.IsEmpty) || part.Length > places)
            return false;
        if (whole.ContainsAnyExceptInRange('0', '9') || part.ContainsAnyExceptInRange('0', '9'))
            return false;
        if (!UInt128.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out var large) || large > UInt128.MaxValue / Power(places))
            return false;
        var small = part.IsEmpty ? UInt128.Zero : UInt128.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture) * Power(places - part.Length);
        var scaled = large * Power(places);
        if (small > UInt128.MaxValue - scaled)
            return false;
        units = scaled + small;
        return true;
    }

    private static UInt128 Power(int exponent)
    {
        var power = UInt128.One;
        for (var i = 0; i < exponent; i++)
            power *= 10;
        return power;
    }
}
