using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Node.Community;
using Busbar.Node.Tests.Notifications;
using Busbar.Node.Tests.Testing;
using Busbar.Store.Accounts;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

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
        await UntilAsync(
            NotificationMessage.AnchorFailed,
            1,
            () => _watch.Refused(new(new(TestCommunity.Grid, new(TestCommunity.At(0), IntervalLength.Default), 1), "the contract says no")));

        Assert.InRange((await ToldAsync()).Count(message => message == NotificationMessage.ReadingRefused), 1, 2);
    }

    [EngineFact]
    public async Task Ledger_ARuleProposed_ToldOnceWithItsValue()
    {
        var propose = Council.EncodeProposeRule(NameWord.Write("graceDays"), 0, 21);
        await DoAsync(_community.Keys.Regulator, _community.Node.Contracts.Council, propose, TestCommunity.At(0));
        await UntilAsync(NotificationMessage.RuleProposed, 1);

        var told = await CauseAsync(NotificationMessage.RuleProposed);
        Assert.Equal(("graceDays", "21", new NotificationScope.Community()), (told.Data["rule"], told.Data["value"], told.Scope));
        var proposal = Assert.Single(_community.Node.Parts.Ledger!.Offices.Council.Proposals(TestCommunity.At(0)));
        Assert.Equal(NodaTime.Text.InstantPattern.ExtendedIso.Format(proposal.ExpiresAt), told.Data["until"]);
        await AgainAsync();
        Assert.Equal(1, (await ToldAsync()).Count(message => message == NotificationMessage.RuleProposed));
    }

    [EngineFact]
    public async Task Ledger_AnAdvisoryPublished_ToldToWhoseMeterRunsTheFirmware()
    {
        var (contracts, meter) = (_community.Node.Contracts, _community.Meters[0]);
        using var second = PrivateKey.FromSeed("a second regulator"u8);
        await DoAsync(_community.Keys.Owner, contracts.Council, Council.EncodeScheduleRegulator(second.Address, true), TestCommunity.At(0));
        var later = TestCommunity.At(0) + Duration.FromDays(60);
        await DoAsync(_community.Keys.Owner, contracts.Council, Council.EncodeApplyRegulator(second.Address), later);
        await DoAsync(_community.Keys.Regulator, contracts.Meters, Meters.EncodePublishAdvisory(meter.Description.Firmware), later);
        await DoAsync(second, contracts.Meters, Meters.EncodePublishAdvisory(meter.Description.Firmware), later);
        await UntilAsync(NotificationMessage.AdvisoryIssued, 1);

        var told = await CauseAsync(NotificationMessage.AdvisoryIssued);
        var holder = await StandingAsync(meter.Holder!.Address, told);
        var stranger = await StandingAsync(second.Address, told);
        Assert.Equal((true, false), (holder.IsAddressed(told), (stranger with { IsRegulator = false }).IsAddressed(told)));
        Assert.True(stranger.IsAddressed(told));
        await AgainAsync();
        Assert.Equal(1, (await ToldAsync()).Count(message => message == NotificationMessage.AdvisoryIssued));
    }

    [EngineFact]
    public async Task Guest_Invited_ToldOnceThoughTheWatchWasAwayMeanwhile()
    {
        var holder = await TestSession.BeginAsync(_community, "asha", _community.Meters[0].Holder!.Address);
        _open.Standings[0] = _open.Standings[0] with { Premises = [_community.Node.Parts.Houses!.Find(_community.Meters[0].Id)!.Premises] };
        await InviteAsync(holder, "a friend");
        await UntilAsync(NotificationMessage.GuestInvited, 1);
        await StopAsync();
        await InviteAsync(holder, "another");
        Watch();
        await UntilAsync(NotificationMessage.GuestInvited, 2);
        await AgainAsync();

        Assert.Equal(2, (await ToldAsync()).Count(message => message == NotificationMessage.GuestInvited));
    }

    // Begins anew, and has come past all that there was before.
    private async Task AgainAsync()
    {
        await StopAsync();
        Watch();
        var told = (await ToldAsync()).Count(message => message == NotificationMessage.MemberAdmitted);
        await DoAsync(
            _community.Keys.Regulator, _community.Node.Contracts.Members, Members.EncodeAdmitMany([new(Samples.Newcomer, 1, default)]),
            TestCommunity.At(0) + Duration.FromDays(61));
        await UntilAsync(NotificationMessage.MemberAdmitted, told + 1);
    }

    private Task InviteAsync(TestSession holder, string guest) => _community.Node.Parts.Access!.Invitations.MakeAsync(
        new(InvitationKind.Guest, guest)
        {
            Maker = holder.Account,
            MakerAddress = _community.Meters[0].Holder!.Address,
            Premises = _community.Node.Parts.Houses!.Find(_community.Meters[0].Id)!.Premises,
        },
        [],
        default);

    private async Task<NotificationStanding> StandingAsync(Address address, Notification notification)
    {
        var parts = _community.Node.Parts;
        var session = await TestSession.BeginAsync(_community, $"holder of {address}"[..30], address);
        var standings = await new NotificationStandings(parts.Access!, parts.Houses!, parts.Ledger!.Offices).StandingsAsync(notification, default);
        return standings.Single(standing => standing.Account.Value == session.Account);
    }

    private async Task<Notification> CauseAsync(NotificationMessage message)
    {
        using var late = new CancellationTokenSource(TestConnection.Patience);
        var causes = Causes();
        await foreach (var change in _community.Node.Parts.Indexer!.ChangesAsync(EventPlace.Start, late.Token))
        {
            if (change is not ChainChange.BlockAdded added)
                continue;
            if (added.Events.SelectMany(record => causes.Of(record, added.Block.Time)).FirstOrDefault(told => told.Form.Message == message) is { } found)
                return found;
        }

        throw new InvalidOperationException("the ledger ended");
    }

    private async Task DoAsync(PrivateKey key, Address contract, byte[] data, Instant at)
    {
        var order = new ChainOrder(key, [new ChainCall(contract, data, 1_000_000)]) { Time = at };
        Assert.True(Assert.Single(await _community.Node.Chain.ExecuteAsync(order, default)).Succeeded);
        await _community.Node.Parts.Indexer!.CatchUpAsync(default);
    }

    private void Watch()
    {
        var parts = _community.Node.Parts;
        _watch = new(
            _open.Desk(new AnsweredChannel(NotificationChannel.Email)), parts.Houses!, parts.Board!, Causes(), parts.Feed!.AppliedAsync,
            _community.Options.Community, parts.Access!, parts.Clock!, _open.Time, NullLogger<CommunityWatch>.Instance);
        _stopping = new();
        _running = _watch.RunAsync(parts.Indexer!, _stopping.Token);
    }

    private LedgerCauses Causes() => new(
        _community.Node.Contracts,
        new(_community.Node.Parts.Ledger!, _community.Node.Parts.Houses!),
        new(_community.Node.Contracts.Market!, _community.Node.Parts.Ledger!.Market));

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

    private async Task UntilAsync(NotificationMessage message, int count, Action? meanwhile = null)
    {
        using var late = new CancellationTokenSource(TestConnection.Patience);
        while ((await ToldAsync()).Count(told => told == message) < count)
        {
            meanwhile?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, late.Token);
        }
    }
}
