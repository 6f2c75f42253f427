using Busbar.Domain.Billing;
using Busbar.Domain.Notifications;
using Busbar.Domain.Quantities;
using Busbar.Domain.Tests.Testing;
using NodaTime;

namespace Busbar.Domain.Tests.Notifications;

public sealed class PermitWarningTests
{
    private static readonly Instant End = Sample.Noon + Duration.FromDays(100);
    private static readonly ToldPremises House = new(new(Sample.Hash(1)), "house 1", "NPR");

    [Theory]
    [InlineData(7.1, null)]
    [InlineData(7, "7")]
    [InlineData(3.1, "4")]
    [InlineData(3, "3")]
    [InlineData(1, "1")]
    [InlineData(0.01, "1")]
    [InlineData(0, null)]
    [InlineData(-1, null)]
    public void Of_WhoOwes_WarnedInTheLastWeekWithTheDaysThatAreLeft(double left, string? days)
    {
        var warning = PermitWarning.Of(new(House, End, Coin.FromCoins(2)), End - Duration.FromDays(left));

        Assert.Equal(days, warning?.Data["days"]);
        Assert.Equal(days is null ? null : (NotificationMessage.PermitEnding, "2000000000000000000"), Told(warning));

        static (NotificationMessage, string)? Told(Notification? told) => told is null ? null : (told.Form.Message, told.Data["owed"]);
    }

    [Fact]
    public void Of_WhoOwes_ThreeWarningsForADeadlineAndOthersForTheNext()
    {
        var names = Names(new(House, End, Coin.FromCoins(2)), End - Duration.FromDays(9), End);
        var next = Names(new(House, End + Duration.FromHours(1), Coin.FromCoins(2)), End - Duration.FromDays(9), End);

        Assert.Equal((3, 3), (names.Count, next.Count));
        Assert.Empty(names.Intersect(next));
    }

    [Fact]
    public void Of_ClockPassesTwoAtOnce_TellsTheNearestAlone()
    {
        var premises = new WarnedPremises(House, End, Coin.FromCoins(2));
        var names = Names(premises, End - Duration.FromDays(9), End);

        Assert.Equal(names[2], PermitWarning.Of(premises, End - Duration.FromHours(1))!.Id);
    }

    [Fact]
    public void Of_WhoOwesNothing_IsNotWarned() =>
        Assert.Null(PermitWarning.Of(new(House, End, Coin.Zero), End - Duration.FromHours(1)));

    [Fact]
    public void Of_Prepaid_ThreeDaysAndOneDayBefore_OnceThoughItsEndMovesWithEachDaysUse()
    {
        var names = new List<NotificationId>();
        List<PrepaidReach> reached = [new(End - Duration.FromDays(7), End)];
        for (var hour = -7 * 24; hour < 0; hour++)
        {
            var now = End + Duration.FromHours(hour);
            if (hour % 24 == 0)
                Reach(reached, new(now, End + Duration.FromHours(hour / 24 % 2 == 0 ? 2 : -2)));
            if (PermitWarning.Of(new(House, reached[^1].Until, Coin.Zero) { Prepaid = reached }, now) is { } warning)
                names.Add(warning.Id);
        }

        Assert.Equal(2, names.Distinct().Count());
    }

    [Fact]
    public void Of_PrepaidAndSetAsideAnew_IsAnotherOccasion()
    {
        PrepaidReach first = new(End - Duration.FromDays(5), End), low = new(End - Duration.FromDays(2), End);
        var more = new PrepaidReach(End - Duration.FromDays(1), End + Duration.FromDays(5));
        var before = PermitWarning.Of(new(House, End, Coin.Zero) { Prepaid = [first, low] }, End - Duration.FromDays(1.5))!;
        var lower = new PrepaidReach(End - Duration.FromDays(1.4), End);
        var still = PermitWarning.Of(new(House, End, Coin.Zero) { Prepaid = [first, low, lower] }, End - Duration.FromDays(1.3))!;
        var after = PermitWarning.Of(new(House, more.Until, Coin.Zero) { Prepaid = [more] }, more.Until - Duration.FromDays(2))!;

        Assert.Equal(NotificationMessage.PrepaidEnding, before.Form.Message);
        Assert.Equal(before.Id, still.Id);
        Assert.NotEqual(before.Id, after.Id);
    }

    private static List<NotificationId> Names(WarnedPremises premises, Instant from, Instant to)
    {
        var names = new List<NotificationId>();
        for (var now = from; now <= to; now += Duration.FromMinutes(30))
        {
            if (PermitWarning.Of(premises, now) is { } warning && !names.Contains(warning.Id))
                names.Add(warning.Id);
        }

        return names;
    }

    // As the ledger's view keeps them.
    private static void Reach(List<PrepaidReach> reached, PrepaidReach reach)
    {
        reached.RemoveAll(one => one.Ahead <= reach.Ahead);
        reached.Add(reach);
    }
}
