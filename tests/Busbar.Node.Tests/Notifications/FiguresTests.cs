using System.Globalization;
using Busbar.Domain.Notifications;
using Busbar.Domain.Quantities;
using Busbar.Node.Notifications;

namespace Busbar.Node.Tests.Notifications;

/// <summary>The same figures as the page's <c>coins</c>, <c>kilowattHours</c> and <c>decimalsFor</c> write.</summary>
public sealed class FiguresTests
{
    [Theory]
    [InlineData("0", 2, "0.00 NPR")]
    [InlineData("1234567890000000000000000", 2, "1,234,567.89 NPR")]
    [InlineData("-1500000000000000000", 4, "−1.5000 NPR")]
    [InlineData("50000000000000", 4, "0.0001 NPR")]
    [InlineData("49999999999999", 4, "< 0.0001 NPR")]
    [InlineData("-1", 2, "> −0.01 NPR")]
    public void Coins_Wei_AsThePageWritesThem(string wei, int decimals, string expected) => Assert.Equal(
        expected, Figures.Coins(Coin.FromWei(Int128.Parse(wei, CultureInfo.InvariantCulture)), decimals, "NPR", NotificationLanguage.English));

    [Theory]
    [InlineData(1_234_567_890_000, 1, NotificationLanguage.English, "1,234,567.9 kWh")]
    [InlineData(1_234_567_890_000, 1, NotificationLanguage.Hindi, "12,34,567.9 kWh")]
    [InlineData(-500, 3, NotificationLanguage.English, "−0.001 kWh")]
    [InlineData(-499, 3, NotificationLanguage.English, "0.000 kWh")]
    [InlineData(999_500_000, 0, NotificationLanguage.English, "1,000 kWh")]
    public void KilowattHours_MilliwattHours_AsThePageWritesThem(long mwh, int decimals, NotificationLanguage language, string expected) =>
        Assert.Equal(expected, Figures.KilowattHours(Energy.FromMilliwattHours(mwh), decimals, language));

    [Theory]
    [InlineData("0", 2)]
    [InlineData("10", 2)]
    [InlineData("-9.99", 4)]
    [InlineData("0.1", 4)]
    [InlineData("0.099", 6)]
    public void DecimalsFor_AnAmount_MoreTheSmallerItIs(string coins, int expected)
    {
        var amount = Coin.Parse(coins.TrimStart('-'));
        Assert.Equal(expected, Figures.DecimalsFor(coins[0] == '-' ? -amount : amount));
    }
}
