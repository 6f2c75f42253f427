namespace Busbar.Node.Community;

/// <summary>Names in the order in which people count: House 2 before House 10. Numbers of any length; all else by code point.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static readonly NaturalOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var one = x.AsSpan();
        var other = y.AsSpan();
        while (!one.IsEmpty && !other.IsEmpty)
        {
            int order;
            if (char.IsAsciiDigit(one[0]) && char.IsAsciiDigit(other[0]))
            {
                var left = Digits(ref one);
                var right = Digits(ref other);
                order = left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
            }
            else
            {
                order = one[0].CompareTo(other[0]);
                one = one[1..];
                other = other[1..];
            }

            if (order != 0)
                return order;
        }

        return one.Length != other.Length ? one.Length.CompareTo(other.Length) : string.CompareOrdinal(x, y);
    }

    private static ReadOnlySpan<char> Digits(ref ReadOnlySpan<char> text)
    {
        var length = 1;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
            length++;
        var digits = text[..length].TrimStart('0');
        text = text[length..];
        return digits;
    }
}
