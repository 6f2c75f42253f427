using Busbar.Domain.Notifications;
using Busbar.Node.Notifications;
using Busbar.Store.Notifications;

namespace Busbar.Node.Tests.Notifications;

public sealed class DeskTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly AnsweredChannel _mail = new(NotificationChannel.Email, places: 1);
    private readonly AnsweredChannel _hooks = new(NotificationChannel.Webhook);
    private OpenDesk _open = null!;
    private NotificationDesk _desk = null!;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _open = await OpenDesk.OpenAsync();
        await _open.EmailAsync(Samples.Asha, "asha@example.org");
        await _open.WebhookAsync(Samples.Asha, "https://example.org/hook");
        Start();
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        await _open.DisposeAsync();
        _stopping.Dispose();
    }

    [Fact]
    public async Task Raise_WhileItRuns_IsDeliveredAtOnceOverEveryChannelAndRecorded()
    {
        Assert.Equal(NotificationOutcome.Stored, await _desk.RaiseAsync(Samples.Silent(1), default));

        var mail = await _mail.NextAsync();
        var hook = await _hooks.NextAsync();
        mail.Answer.SetResult(new DeliveryOutcome.Accepted("250 ok"));
        hook.Answer.SetResult(new DeliveryOutcome.Refused("HTTP 400"));

        var records = await UntilAsync(records => records.All(record => record.State is DeliveryState.Sent or DeliveryState.Failed));
        Assert.Equal(DeliveryState.Sent, records.Single(record => record.Address.Channel == NotificationChannel.Email).State);
        Assert.Equal("HTTP 400", records.Single(record => record.Address.Channel == NotificationChannel.Webhook).Error);
        Assert.Equal(NotificationOutcome.AlreadyTold, await _desk.RaiseAsync(Samples.Silent(1), default));
    }

    [Fact]
    public async Task Run_SlowMailServer_HoldsUpNoWebhook()
    {
        await _desk.RaiseAsync(Samples.Silent(1), default);
        await _mail.NextAsync();
        (await _hooks.NextAsync()).Answer.SetResult(new DeliveryOutcome.Accepted("ok"));
        await _desk.RaiseAsync(Samples.Silent(2), default);

        (await _hooks.NextAsync()).Answer.SetResult(new DeliveryOutcome.Accepted("ok"));

        await UntilAsync(records => records.Count(record => record.State == DeliveryState.Sent) == 2);
        Assert.Equal(0, _mail.Waiting);
    }

    [Fact]
    public async Task Run_OneAddress_NeverHasTwoUnderWay()
    {
        await _desk.RaiseAsync(Samples.Silent(1), default);
        await _desk.RaiseAsync(Samples.Silent(2), default);
        var first = await _hooks.NextAsync();
        Assert.Equal(0, _hooks.Waiting);

        first.Answer.SetResult(new DeliveryOutcome.Accepted("ok"));

        Assert.NotEqual(first.Delivery.Id, (await _hooks.NextAsync()).Delivery.Id);
    }

    [Fact]
    public async Task Run_Later_IsTriedAgainAfterItsTimeUnderTheSameName()
    {
        await _desk.RaiseAsync(Samples.Alarm(1), default);
        var first = await _hooks.NextAsync();
        first.Answer.SetResult(new DeliveryOutcome.Later("HTTP 503"));
        var waiting = (await UntilAsync(records => records.Any(record => record.Error == "HTTP 503"))).Single(record => record.Error is not null);
        Assert.InRange((waiting.NextAt!.Value - Samples.Noon).TotalSeconds, 48, 72);

        // Something new makes the pump look at once; the older one is due first.
        _open.Time.Advance(TimeSpan.FromSeconds(72));
        await _desk.RaiseAsync(Samples.Silent(1), default);

        var second = await _hooks.NextAsync();
        Assert.Equal((first.Delivery.Id, 2), (second.Delivery.Id, second.Delivery.Attempt));
    }

    [Fact]
    public async Task Run_StoppedInTheMidst_TakesItUpAgainAtTheNextStart()
    {
        await _desk.RaiseAsync(Samples.Silent(1), default);
        var before = await _hooks.NextAsync();
        await StopAsync();
        await _open.ReopenAsync();

        using var stopping = new CancellationTokenSource();
        var desk = _open.Desk(_hooks);
        var running = desk.RunAsync(stopping.Token);
        var after = await _hooks.NextAsync();

        Assert.Equal((before.Delivery.Id, 2), (after.Delivery.Id, after.Delivery.Attempt));
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Run_AChannelThatThrows_GoesOnWithTheNext()
    {
        await _desk.RaiseAsync(Samples.Silent(1), default);
        await _desk.RaiseAsync(Samples.Silent(2), default);

        (await _hooks.NextAsync()).Answer.SetException(new InvalidOperationException("a bug"));

        await _hooks.NextAsync();
        Assert.Contains(
            await _open.Store.OfAccountAsync(Samples.Asha, null, 10, default),
            record => record.Error == "the node could not make it: InvalidOperationException");
    }

    [Fact]
    public async Task Raise_NobodyConcerned_IsRememberedAllTheSame()
    {
        _open.Standings.Clear();

        Assert.Equal(NotificationOutcome.Stored, await _desk.RaiseAsync(Samples.Silent(1), default));

        Assert.True(await _desk.WasToldAsync(Samples.Silent(1).Id, default));
        Assert.Empty(await _open.Store.OfAccountAsync(Samples.Asha, null, 10, default));
    }

    [Fact]
    public async Task Raise_ChannelThatIsNotSetUp_MakesNoDelivery()
    {
        using var desk = _open.Desk(_hooks);

        await desk.RaiseAsync(Samples.Alarm(5), default);

        Assert.Equal(NotificationChannel.Webhook, (await _open.OnlyAsync(Samples.Asha)).Address.Channel);
    }

    [Fact]
    public async Task Raise_ManyAtOnce_OfTheSameCause_IsToldOnce()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _desk.RaiseAsync(Samples.Silent(1), default)));

        Assert.Single(outcomes, outcome => outcome == NotificationOutcome.Stored);
        Assert.Equal(2, (await _open.Store.OfAccountAsync(Samples.Asha, null, 10, default)).Count);
    }

    private void Start()
    {
        _desk = _open.Desk(_mail, _hooks);
        _running = _desk.RunAsync(_stopping.Token);
    }

    private async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<IReadOnlyList<DeliveryRecord>> UntilAsync(Func<IReadOnlyList<DeliveryRecord>, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Testing.TestConnection.Patience);
        while (true)
        {
            var records = await _open.Store.OfAccountAsync(Samples.Asha, null, 10, patience.Token);
            if (isSo(records))
                return records;
            await Task.Yield();
        }
    }
}
