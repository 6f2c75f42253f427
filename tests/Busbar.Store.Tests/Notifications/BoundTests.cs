using Busbar.Store.Notifications;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Tests.Notifications;

public sealed class BoundTests : NotificationSuite
{
    protected override SqliteStoreOptions Options => new() { Notifications = new() { WaitingPerAccount = 2, Waiting = 3 } };

    [Fact]
    public async Task Tell_AccountIsFull_TheNextOneFailsVisiblyAndACriticalOneStillWaits()
    {
        for (var i = 0; i < 3; i++)
            await TellAsync(Silent(i), Plan(Silent(i), Asha));
        await TellAsync(Alarm(1), Plan(Alarm(1), Asha));

        var records = await Store.OfAccountAsync(Asha, null, 10, None);

        Assert.Equal(
            [DeliveryState.Waiting, DeliveryState.Failed, DeliveryState.Waiting, DeliveryState.Waiting], records.Select(record => record.State));
        Assert.Equal("not sent: 2 deliveries wait for this account already", records[1].Error);
    }

    [Fact]
    public async Task Tell_AllIsFull_FurtherOnesFailVisibly()
    {
        var many = Silent(1);

        await TellAsync(many, [.. Enumerable.Range(0, 4).Select(i => Plan(many, new($"account{i}"), $"{i}@example.org"))]);

        Assert.Equal("not sent: 3 deliveries wait already", Assert.Single(await Store.FailedAsync(10, None)).Error);
    }

    [Fact]
    public async Task Tell_CriticalOnes_AreBoundedToo()
    {
        for (var i = 0; i < 5; i++)
            await TellAsync(Alarm(i), Plan(Alarm(i), Asha));

        Assert.Equal("not sent: 4 deliveries wait for this account already", Assert.Single(await Store.FailedAsync(10, None)).Error);
    }
}
