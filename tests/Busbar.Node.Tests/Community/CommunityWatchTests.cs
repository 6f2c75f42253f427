using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using Busbar.Node.Community;
using Busbar.Node.Tests.Notifications;
using Busbar.Node.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Busbar.Node.Tests.Community;

/// <summary>What happens in a community comes to those who want to be told of it, once.</summary>
public sealed class CommunityWatchTests : IAsyncLifetime
{
    private readonly TestCommunity _community = new(
        new("house 1") { Holder = PrivateKey.FromSeed("a household that is watched"u8) }, new("house 2"));

    private OpenDesk _open = null!;
    private CommunityWatch _watch = null!;
    private CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        if (EngineTheoryAttribute.Missing is not null)
            return;
        await _community.OpenAsync();
        _open = await OpenDesk.OpenAsync();
        _open.Standings[0] = new(Samples.Asha) { IsOperator = true, IsRegulator = true };
        await _open.EmailAsync(Samples.Asha, "asha@example.org");
        Watch();
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        if (_open is not null)
            await _open.DisposeAsync();
        await _community.DisposeAsync();
    }

    [EngineFact]
    public async Task Ledger_AMemberAdmitted_ToldOnceThoughTheWatchBeginsAnew()
    {
        await UntilAsync(NotificationMessage.MemberAdmitted, 1);
        var told = (await ToldAsync()).Count;
        await StopAsync();
        Watch();
        _watch.Refused(_community.Meters[0].Id, new ReadingRefused.Malformed("no JSON"));
        await UntilAsync(NotificationMessage.ReadingRefused, 1);

        Assert.Equal(told + 1, (await ToldAsync()).Count);
    }

    [EngineFact]
    public async Task Silence_OfHalfAnHour_ToldOnce_AndItsEnd()
    {
        var (silent, heard) = (_community.Meters[0], _community.Meters[1]);
        _community.Node.MoveClock(TestCommunity.At(3));
        await (await _community.ConnectionOfAsync(heard)).ReadAsync(3);
        await _community.MoveToAsync(TestCommunity.At(3));
        await LookAsync();
        await UntilAsync(NotificationMessage.MeterSilent, 1);
        await LookAsync();

        await (await _community.ConnectionOfAsync(silent)).Client.PublishAsync(silent.Topic("telemetry"), "{\"power\":1}"u8.ToArray());
        await LookAsync();
        await UntilAsync(NotificationMessage.MeterHeard, 1);
        Assert.Equal(1, (await ToldAsync()).Count(message => message == NotificationMessage.MeterSilent));
    }

    [EngineFact]
    public async Task Refusals_OfReadingsAndAnchors_ToldWithTheirMeterAndMicrogrid_AFloodOnce()
    {
        using var stranger = new TestMeter("a stranger");
        _watch.Refused(stranger.Id, new ReadingRefused.UnknownMeter(stranger.Id));
        for (var more = 0; more < 5_000; more++)
            _watch.Refused(_community.Meters[0].Id, new ReadingRefused.Malformed("no JSON"));
        _watch.Refused(_community.Meters[1].Id, new ReadingRefused.WrongSignature(_community.Meters[1].Id));
        await UntilAsync(NotificationMessage.ReadingRefused, 1);
        // What came while the queue was full is left out, and the watch goes on.
        _watch.Refused(new(new(TestCommunity.Grid, new(TestCommunity.At(0), IntervalLength.Default), 1), "the contract says no"));
        await UntilAsync(NotificationMessage.AnchorFailed, 1);

        Assert.InRange((await ToldAsync()).Count(message => message == NotificationMessage.ReadingRefused), 1, 2);
    }

    private void Watch()
    {
        var parts = _community.Node.Parts;
        _watch = new(
            _open.Desk(new AnsweredChannel(NotificationChannel.Email)), parts.Houses!, parts.Board!, _community.Node.Contracts, _community.Options.Community,
            parts.Clock!, _open.Time, NullLogger<CommunityWatch>.Instance);
        _stopping = new();
        _running = _watch.RunAsync(parts.Indexer!, _stopping.Token);
    }

    private async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    // The timer is there when the watch has looked up what it had told before.
    private async Task LookAsync()
    {
        using var late = new CancellationTokenSource(TestConnection.Patience);
        while (_open.Time.WaitingTimers == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, late.Token);
        _open.Time.Advance(TimeSpan.FromMinutes(1));
    }

    private async Task<IReadOnlyList<NotificationMessage>> ToldAsync() =>
        [.. (await _open.Store.OfAccountAsync(Samples.Asha, null, 1_000, default)).Select(record => record.Message)];

    private async Task UntilAsync(NotificationMessage message, int count)
    {
        using var late = new CancellationTokenSource(TestConnection.Patience);
        while ((await ToldAsync()).Count(told => told == message) < count)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, late.Token);
    }
}
