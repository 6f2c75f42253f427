using System.Globalization;
using Busbar.Domain.Notifications;
using Busbar.Domain.Quantities;

namespace Busbar.Node.Notifications;

/// <summary>Amounts and energies as the page writes them.</summary>
internal static class Figures
{
    // 12,34,567 in India.
    private static readonly Dictionary<NotificationLanguage, NumberFormatInfo> Groups = new()
    {
        [NotificationLanguage.English] = new() { NumberGroupSeparator = ",", NumberGroupSizes = [3], NumberDecimalDigits = 0 },
        [NotificationLanguage.Hindi] = new() { NumberGroupSeparator = ",", NumberGroupSizes = [3, 2], NumberDecimalDigits = 0 },
    };

    /// <summary>As many decimals as make an amount readable: two for large ones, more the smaller it is.</summary>
    public static int DecimalsFor(Coin amount)
    {
        var size = Int128.Abs(amount.Wei);
        if (size == 0 || size >= Coin.FromCoins(10).Wei)
            return 2;
        return size >= Coin.FromCoins(1).Wei / 10 ? 4 : 6;
    }

    /// <summary>Coins, rounded half away from zero; a sum too small to show is not shown as nothing.</summary>
    /// <param name="amount">How much.</param>
    /// <param name="decimals">At most 18.</param>
    /// <param name="unit">What a coin is called.</param>
    /// <param name="language">Groups the digits.</param>
    public static string Coins(Coin amount, int decimals, string unit, NotificationLanguage language)
    {
        var size = Int128.Abs(amount.Wei);
        var step = Power(Coin.Places - decimals);
        var rounded = (size + (step / 2)) / step;
        if (size > 0 && rounded == 0)
            return $"{(amount.IsNegative ? "> −" : "< ")}{Plain(1, decimals, language)} {unit}";
        return $"{(amount.IsNegative ? "−" : "")}{Plain(rounded, decimals, language)} {unit}";
    }

    /// <summary>Kilowatt-hours, rounded half away from zero.</summary>
    /// <param name="energy">How much.</param>
    /// <param name="decimals">At most 6.</param>
    /// <param name="language">Groups the digits.</param>
    public static string KilowattHours(Energy energy, int decimals, NotificationLanguage language)
    {
        var step = Power(6 - decimals);
        var rounded = (Int128.Abs(energy.MilliwattHours) + (step / 2)) / step;
        return $"{(energy.MilliwattHours < 0 && rounded != 0 ? "−" : "")}{Plain(rounded, decimals, language)} kWh";
    }

    private static string Plain(Int128 amount, int decimals, NotificationLanguage language)
    {
        var scale = Power(decimals);
        var whole = (amount / scale).ToString("N0", Groups[language]);
        return decimals == 0 ? whole : $"{whole}.{(amount % scale).ToString(CultureInfo.InvariantCulture).PadLeft(decimals, '0')}";
    }

    private static Int128 Power(int exponent)
    {
        Int128 power = 1;
        for (var i = 0; i < exponent; i++)
            power *= 10;
        return power;
    }
}
