using Busbar.Domain.Quantities;

namespace Busbar.Simulation.Replay;

/// <summary>
/// An energy as a file writes it, without any rounding: a whole number of 10^-12 mWh, that is 18 decimals of a kilowatt-hour.
/// </summary>
internal readonly record struct ExactEnergy(Int128 Parts)
{
    private const int KilowattHourDigits = 18;

    // 25 digits before the point of the finest unit: far beyond any limit on power, far below the range of 128 bits.
    private const int MaximumDigits = 37;

    private static readonly Int128 PartsPerMilliwattHour = 1_000_000_000_000;

    public static ExactEnergy operator +(ExactEnergy left, ExactEnergy right) => new(left.Parts + right.Parts);

    public static ExactEnergy operator -(ExactEnergy left, ExactEnergy right) => new(left.Parts - right.Parts);

    public static ExactEnergy Of(Energy energy) => new(energy.MilliwattHours * PartsPerMilliwattHour);

    /// <summary>To the nearest milliwatt-hour, halves away from zero.</summary>
    public long RoundedMilliwattHours()
    {
        var (whole, rest) = Int128.DivRem(Parts, PartsPerMilliwattHour);
        var half = PartsPerMilliwattHour / 2;
        return (long)(rest >= half ? whole + 1 : rest <= -half ? whole - 1 : whole);
    }

    public Energy Rounded() => Energy.FromMilliwattHours(RoundedMilliwattHours());

    /// <summary>Reads a decimal number with an optional sign and exponent; why not, or <see cref="ReplayProblemKind.None"/>.</summary>
    public static ReplayProblemKind Parse(ReadOnlySpan<char> text, EnergyUnit unit, char decimalMark, out ExactEnergy energy)
    {
        energy = default;
        text = text.Trim();
        if (text.IsEmpty)
            return ReplayProblemKind.MissingValue;
        var negative = text[0] == '-';
        if (text[0] is '-' or '+')
            text = text[1..];
        if (!TryReadDigits(text, decimalMark, out var digits, out var decimals, out var rest) || !TryReadExponent(rest, out var exponent))
            return ReplayProblemKind.NotANumber;
        var shift = KilowattHourDigits - UnitDigits(unit) - decimals + exponent;
        for (; shift < 0 && digits % 10 == 0 && digits != 0; shift++)
            digits /= 10;
        if (digits == 0)
            return ReplayProblemKind.None;
        if (shift < 0)
            return ReplayProblemKind.TooFine;
        for (; shift > 0; shift--)
        {
            if (digits > Int128.MaxValue / 10)
                return ReplayProblemKind.Absurd;
            digits *= 10;
        }

        energy = new(negative ? -digits : digits);
        return ReplayProblemKind.None;
    }

    private static bool TryReadDigits(ReadOnlySpan<char> text, char decimalMark, out Int128 digits, out int decimals, out ReadOnlySpan<char> rest)
    {
        digits = 0;
        decimals = 0;
        var count = 0;
        var inDecimals = false;
        var at = 0;
        for (; at < text.Length; at++)
        {
            if (text[at] == decimalMark && !inDecimals)
            {
                inDecimals = true;
            }
            else if (char.IsAsciiDigit(text[at]) && count < MaximumDigits)
            {
                digits = (digits * 10) + (text[at] - '0');
                decimals += inDecimals ? 1 : 0;
                count++;
            }
            else
            {
                break;
            }
        }

        rest = text[at..];
        return count > 0;
    }

    private static bool TryReadExponent(ReadOnlySpan<char> text, out int exponent)
    {
        exponent = 0;
        if (text.IsEmpty)
            return true;
        return text[0] is 'e' or 'E' && text.Length <= 4
            && int.TryParse(text[1..], System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out exponent);
    }

    private static int UnitDigits(EnergyUnit unit) => unit switch
    {
        EnergyUnit.KilowattHour => 0,
        EnergyUnit.WattHour => 3,
        _ => 6,
    };
}
