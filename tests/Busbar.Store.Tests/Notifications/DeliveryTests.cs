using Busbar.Domain.Notifications;
using Busbar.Store.Notifications;
using NodaTime;

namespace Busbar.Store.Tests.Notifications;

public sealed class DeliveryTests : NotificationSuite
{
    [Fact]
    public async Task Tell_TheSameCauseAgain_StoresNothing()
    {
        var first = Silent(1);
        Assert.Equal(NotificationOutcome.Stored, await TellAsync(first, Plan(first, Asha)));
        await Open.ReopenAsync();

        Assert.Equal(NotificationOutcome.AlreadyTold, await TellAsync(Silent(1), Plan(first, Asha), Plan(first, Ravi, "ravi@example.org")));

        Assert.Single(await Store.OfAccountAsync(Asha, null, 10, None));
        Assert.Empty(await Store.OfAccountAsync(Ravi, null, 10, None));
    }

    [Fact]
    public async Task Tell_LongPast_StoresNothing()
    {
        var old = Silent(1, Noon - Duration.FromDays(3) - Duration.FromSeconds(1));

        Assert.Equal(NotificationOutcome.TooOld, await TellAsync(old, Plan(old, Asha)));

        Assert.False(await Store.WasToldAsync(old.Id, None));
    }

    [Fact]
    public async Task Claim_DueDelivery_GivesItWholeAndOnce()
    {
        var told = Silent(1);
        var plan = Plan(told, Asha);
        await TellAsync(told, plan);

        var claimed = Assert.Single(await ClaimAsync(Noon));

        Assert.Equal((plan.Id, Asha, plan.Address, NotificationLanguage.Hindi, 1), (claimed.Id, claimed.Account, claimed.Address, claimed.Language, claimed.Attempt));
        Assert.Equal((told.Id, NotificationMessage.MeterSilent, Noon), (claimed.Told.Id, claimed.Told.Message, claimed.Told.At));
        Assert.Equal(told.Data, claimed.Told.Data);
        Assert.Equal(plan.GoodUntil, claimed.GoodUntil);
        Assert.Empty(await ClaimAsync(Noon));
        Assert.Equal(DeliveryState.Handed, (await OnlyAsync(Asha)).State);
    }

    [Fact]
    public async Task Claim_NotDueYet_TellsWhen()
    {
        var told = Silent(1);
        await TellAsync(told, Plan(told, Asha, first: Noon + Duration.FromHours(8)));

        var due = await Store.ClaimAsync(NotificationChannel.Email, Noon + Duration.FromHours(7), 10, [], None);

        Assert.Empty(due.Deliveries);
        Assert.Equal(Noon + Duration.FromHours(8), due.NextAt);
        Assert.Empty(await ClaimAsync(Noon + Duration.FromHours(8), channel: NotificationChannel.Push));
        Assert.Single(await ClaimAsync(Noon + Duration.FromHours(8)));
    }

    [Fact]
    public async Task Claim_OneAddress_OneAtATimeAndTheEarliestFirst()
    {
        var (first, second) = (Silent(1), Silent(2));
        await TellAsync(second, Plan(second, Asha, first: Noon + Duration.FromSeconds(1)));
        await TellAsync(first, Plan(first, Asha), Plan(first, Ravi, "ravi@example.org"));
        var later = Noon + Duration.FromMinutes(1);

        var claimed = await ClaimAsync(later);

        Assert.Equal([Plan(first, Asha).Id, Plan(first, Ravi, "ravi@example.org").Id], claimed.Select(one => one.Id));
        Assert.Empty(await ClaimAsync(later, busy: ["asha@example.org"]));
        Assert.Equal(Plan(second, Asha).Id, Assert.Single(await ClaimAsync(later)).Id);
    }

    [Fact]
    public async Task Settle_Sent_IsTheEnd()
    {
        var told = Silent(1);
        await TellAsync(told, Plan(told, Asha));
        var claimed = Assert.Single(await ClaimAsync(Noon));

        await Store.SettleAsync(claimed.Id, new DeliverySettlement.Sent("250 OK"), Noon, None);
        await Store.SettleAsync(claimed.Id, new DeliverySettlement.Failed("a late second word"), Noon, None);
        await Open.ReopenAsync();

        Assert.Equal(0, await Store.ResumeAsync(Noon, None));
        Assert.Empty(await ClaimAsync(Noon + Duration.FromHours(1)));
        var record = await OnlyAsync(Asha);
        Assert.Equal((DeliveryState.Sent, 1, null, null), (record.State, record.Attempts, record.NextAt, record.Error));
    }

    [Fact]
    public async Task Settle_Again_IsTriedThenAndCounted()
    {
        var told = Silent(1);
        await TellAsync(told, Plan(told, Asha));
        var claimed = Assert.Single(await ClaimAsync(Noon));
        var then = Noon + Duration.FromMinutes(3);

        await Store.SettleAsync(claimed.Id, new DeliverySettlement.Again(then, "421 later"), Noon, None);

        var record = await OnlyAsync(Asha);
        Assert.Equal((DeliveryState.Waiting, 1, then, "421 later"), (record.State, record.Attempts, record.NextAt, record.Error));
        Assert.Empty(await ClaimAsync(then - Duration.FromMilliseconds(1)));
        Assert.Equal(2, Assert.Single(await ClaimAsync(then)).Attempt);
    }

    [Fact]
    public async Task Resume_AfterACrash_TriesUnderTheSameNameWithTheTryCounted()
    {
        var told = Silent(1);
        await TellAsync(told, Plan(told, Asha));
        var before = Assert.Single(await ClaimAsync(Noon));
        await Open.ReopenAsync();

        Assert.Equal(1, await Store.ResumeAsync(Noon, None));

        Assert.Contains("stopped before the answer", (await OnlyAsync(Asha)).Error, StringComparison.Ordinal);
        var after = Assert.Single(await ClaimAsync(Noon));
        Assert.Equal((before.Id, 2), (after.Id, after.Attempt));
    }

    [Fact]
    public async Task Claim_ADeliveryThatKillsTheNode_FailsForGoodInTheEnd()
    {
        var told = Silent(1);
        await TellAsync(told, Plan(told, Asha));
        for (var i = 0; i < RetrySchedule.MostAttempts; i++)
        {
            Assert.Single(await ClaimAsync(Noon));
            await Store.ResumeAsync(Noon, None);
        }

        Assert.Empty(await ClaimAsync(Noon));

        var failed = Assert.Single(await Store.FailedAsync(10, None));
        Assert.Equal(DeliveryState.Failed, failed.State);
        Assert.StartsWith("tried 9 times", failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_NoLongerWorthTelling_FailsVisibly()
    {
        var told = Silent(1);
        await TellAsync(told, Plan(told, Asha));

        Assert.Empty(await ClaimAsync(Noon + Duration.FromDays(2)));

        Assert.StartsWith("too late", Assert.Single(await Store.FailedAsync(10, None)).Error, StringComparison.Ordinal);
        Assert.Equal([new DeliveryCount(NotificationChannel.Email, DeliveryState.Failed, 1)], await Store.CountsAsync(None));
    }

    [Fact]
    public async Task OfAccount_Pages_FromTheNewestOn()
    {
        for (var i = 0; i < 5; i++)
            await TellAsync(Silent(i), Plan(Silent(i), Asha));

        var first = await Store.OfAccountAsync(Asha, null, 2, None);
        var second = await Store.OfAccountAsync(Asha, first[^1].Number, 10, None);

        Assert.Equal([Plan(Silent(4), Asha).Id, Plan(Silent(3), Asha).Id], first.Select(record => record.Id));
        Assert.Equal([Plan(Silent(2), Asha).Id, Plan(Silent(1), Asha).Id, Plan(Silent(0), Asha).Id], second.Select(record => record.Id));
    }

    [Fact]
    public async Task Purge_OldOnes_GoWithTheirDeliveriesButWhatWaitsStays()
    {
        var (done, waiting) = (Silent(1), Silent(2));
        await TellAsync(done, Plan(done, Asha));
        await Store.SettleAsync(Assert.Single(await ClaimAsync(Noon)).Id, new DeliverySettlement.Sent("ok"), Noon, None);
        await TellAsync(waiting, Plan(waiting, Asha));

        Assert.Equal(0, await Store.PurgeAsync(Noon + Duration.FromDays(89), None));
        Assert.Equal(1, await Store.PurgeAsync(Noon + Duration.FromDays(91), None));

        Assert.Equal(Plan(waiting, Asha).Id, (await OnlyAsync(Asha)).Id);
        Assert.False(await Store.WasToldAsync(done.Id, None));
        Assert.Equal(NotificationOutcome.TooOld, await Store.TellAsync(done, [], Noon + Duration.FromDays(91), None));
    }
}
