namespace Busbar.Cryptography;

/// <summary>Signed windows of a number: digits that are zero or odd, below 2^(width-1), any two at least width places apart.</summary>
internal static class NonAdjacentForm
{
    /// <summary>Room for the digits of any 128-bit number.</summary>
    public const int Digits = 130;

    /// <summary>Writes the digits, lowest first, and gives how many there are. Takes longer for some values than for others.</summary>
    public static int Write(UInt128 number, bool negative, int width, Span<short> digits)
    {
        digits.Clear();
        var window = 1 << width;
        var place = 0;
        var length = 0;
        unchecked
        {
            // A negative digit may carry the number to 2^128; the carry is kept apart.
            var carry = 0;
            while (place < 128)
            {
                if (((int)(number >> place) & 1) == carry)
                {
                    place++;
                    continue;
                }

                var taken = Math.Min(width, 128 - place);
                var digit = ((int)(number >> place) & ((1 << taken) - 1)) + carry;
                carry = digit >> (width - 1) & 1;
                digit -= carry << width;
                digits[place] = (short)(negative ? -digit : digit);
                length = place + 1;
                place += taken;
            }

            if (carry != 0)
            {
                digits[128] = (short)(negative ? -1 : 1);
                length = 129;
            }
        }

        return length;
    }
}
