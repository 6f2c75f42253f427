using System.Net;
using System.Net.Http.Headers;
using Busbar.Device.Supply;
using Busbar.Domain.Access;
using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using Busbar.Node.Api;
using Busbar.Node.Supply;
using Busbar.Node.Tests.Testing;
using NodaTime;

namespace Busbar.Node.Tests.Supply;

/// <summary>From the ledger's facts to the relay and back, over real sockets, with one node for all.</summary>
public sealed class SupplyLoopTests(SupplyVillage village) : IClassFixture<SupplyVillage>
{
    [EngineFact]
    public async Task Facts_UnpaidThenPaid_RelayOpensAndCloses()
    {
        await village.StartNodeOnceAsync();
        var device = await village.PaidDeviceAsync();
        Assert.Equal(SupplyStatus.Followed, Standing(device).Status);

        village.Say(device.Id, village.Now - Duration.FromMinutes(1));
        await device.UntilAsync(RelayState.Open, SupplyReason.PermitEnded);
        Assert.Equal(0, device.Board.Power.Watts);
        Assert.Equal("open", SupplyApi.Relay(Standing(device)));
        Assert.Equal((SupplyStatus.Followed, 2UL), (Standing(device).Status, Standing(device).Told!.Permit!.Value));

        village.Say(device.Id, village.Now + Duration.FromDays(30));
        await device.UntilAsync(RelayState.Closed, SupplyReason.PermitHeld);
        Assert.Equal("closed", SupplyApi.Relay(Standing(device)));
        Assert.Equal(
            [
                new SupplyEvent.RelaySwitched(RelayState.Open, SupplyReason.PermitEnded, 2),
                new SupplyEvent.RelaySwitched(RelayState.Closed, SupplyReason.PermitHeld, 3),
            ],
            device.Events);
    }

    [EngineFact]
    public async Task Facts_ProtectedOrEmergency_KeepsSupplying()
    {
        await village.StartNodeOnceAsync();
        var device = await village.PaidDeviceAsync();

        village.Say(device.Id, village.Now - Duration.FromDays(1), fact => fact with { IsProtected = true });
        await device.UntilAsync(RelayState.Closed, SupplyReason.Protected);
        village.Say(device.Id, village.Now - Duration.FromDays(1), fact => fact with { EmergencyUntil = village.Now + Duration.FromDays(1) });
        await device.UntilAsync(RelayState.Closed, SupplyReason.Emergency);
    }

    [EngineFact]
    public async Task Wire_ReplayedReorderedAndForgedPermits_AreRefusedByName()
    {
        await village.StartNodeOnceAsync();
        var device = await village.PaidDeviceAsync();
        var unpaid = village.Desk.PermitOf(device.Id)!;
        village.Say(device.Id, village.Now - Duration.FromMinutes(1));
        await device.UntilAsync(RelayState.Open, SupplyReason.PermitEnded);
        var newest = village.Desk.PermitOf(device.Id)!;
        var next = newest.Permit with { Sequence = newest.Permit.Sequence + 1, Until = village.Now + Duration.FromDays(30) };

        Send(device, SupplyPermitJson.Encode(unpaid));
        Send(device, SupplyPermitJson.Encode(new(next, newest.Signature)));
        Send(device, SupplyPermitJson.Encode(SignedPermit.Sign(next, village.Community.Domain, village.Community.Keys.Owner)));
        Send(device, SupplyPermitJson.Encode(SignedPermit.Sign(next with { Meter = new(village.Community.Keys.Owner.Address) }, village.Community.Domain, village.Community.Keys.Operator)));
        Send(device, SupplyPermitJson.Encode(SignedPermit.Sign(next with { IssuedAt = village.Now + Duration.FromDays(1) }, village.Community.Domain, village.Community.Keys.Operator)));
        Send(device, "nonsense"u8);

        await device.HappenedAsync(happened => happened is SupplyEvent.PermitRefused { Refused: PermitRefused.Malformed });
        Assert.Equal(
            "Replayed WrongSigner WrongSigner WrongMeter IssuedInFuture Malformed",
            string.Join(' ', device.Events.OfType<SupplyEvent.PermitRefused>().Select(refused => refused.Refused.Reason)));
        Assert.Equal(RelayState.Open, device.Board.ReadBack);
    }

    [EngineFact]
    public async Task Relay_Sticks_NodeKnowsAndItFollowsWhenItCan()
    {
        await village.StartNodeOnceAsync();
        var device = await village.PaidDeviceAsync();
        device.Board.StickRelay();

        village.Say(device.Id, village.Now - Duration.FromMinutes(1));
        await device.UntilAsync(RelayState.Closed, SupplyReason.PermitEnded);
        Assert.Equal(SupplyStatus.Waiting, Standing(device).Status);

        device.Board.FreeRelay();
        await device.UntilAsync(RelayState.Open, SupplyReason.PermitEnded);
        Assert.Equal(SupplyStatus.Followed, Standing(device).Status);
    }

    [EngineFact]
    public async Task Device_RestartedInTheMiddle_IsOpenAtOnceAndReturns()
    {
        await village.StartNodeOnceAsync();
        var first = await village.PaidDeviceAsync();
        village.Say(first.Id, village.Now - Duration.FromMinutes(1));
        await first.UntilAsync(RelayState.Open, SupplyReason.PermitEnded);
        await first.StopAsync();

        // A relay that closes when the power goes.
        var second = village.StartDevice(first.Folder);
        Assert.Equal((first.Id, RelayState.Open), (second.Id, second.Board.ReadBack));

        village.Say(second.Id, village.Now + Duration.FromDays(30));
        await second.ConnectedAsync();
        village.TellTime();
        await second.UntilAsync(RelayState.Closed, SupplyReason.PermitHeld);
    }

    [EngineFact]
    public async Task Device_AwayWhenItWasPaid_HearsItWhenItIsBack()
    {
        await village.StartNodeOnceAsync();
        var first = await village.PaidDeviceAsync();
        await first.StopAsync();
        village.Say(first.Id, village.Now - Duration.FromMinutes(1));
        await SupplyVillage.UntilAsync(() => Standing(first).Permit!.Sequence == 2, () => "no permit was issued");
        await SupplyVillage.UntilAsync(() => Standing(first).Status == SupplyStatus.Unacknowledged, () => $"it is {Standing(first).Status}");

        var second = village.StartDevice(first.Folder);
        await second.ConnectedAsync();
        village.TellTime();
        await second.UntilAsync(RelayState.Open, SupplyReason.PermitEnded);
    }

    [EngineFact]
    public async Task Device_HoldsAHigherNumber_AsAfterARestoredBackup_NodeIssuesAboveIt()
    {
        await village.StartNodeOnceAsync();
        var device = await village.PaidDeviceAsync();
        var lost = village.Desk.PermitOf(device.Id)!.Permit with { Sequence = 50 };

        Send(device, SupplyPermitJson.Encode(SignedPermit.Sign(lost, village.Community.Domain, village.Community.Keys.Operator)));
        village.Say(device.Id, village.Now - Duration.FromDays(1));

        await device.UntilAsync(RelayState.Open, SupplyReason.PermitEnded);
        Assert.True(device.Supply.Permit!.Sequence > 50);
    }

    [EngineFact]
    public async Task NodesClock_JumpsADay_DeviceTripsNobodyUntilItIsConfirmed()
    {
        await village.StartNodeOnceAsync();
        var device = await village.PaidDeviceAsync();
        village.Say(device.Id, village.Now + Duration.FromHours(10));
        await SupplyVillage.UntilAsync(() => device.Supply.Permit!.Sequence == 2, () => "the second permit did not come");
        village.ShiftNode(Duration.FromDays(1));
        try
        {
            village.Community.Node.Parts.TellTime();
            await device.HappenedAsync(happened => happened is SupplyEvent.ClockJumped { By.TotalHours: > 23 });
            Assert.Equal((RelayState.Closed, SupplyReason.PermitHeld), (device.Board.ReadBack, device.Supply.Report.Reason));

            village.Community.Node.Parts.TellTime();
            await device.UntilAsync(RelayState.Open, SupplyReason.PermitEnded);
            Assert.Contains(device.Events, happened => happened is SupplyEvent.ClockAgreed);
        }
        finally
        {
            village.ShiftNode(Duration.FromDays(-1));
        }
    }

    [EngineFact]
    public async Task NodesClock_RanAheadAndIsPutRight_PermitIsIssuedAnew()
    {
        await village.StartNodeOnceAsync();
        var device = await village.PaidDeviceAsync();
        village.ShiftNode(Duration.FromDays(1));
        try
        {
            village.Say(device.Id, village.Now + Duration.FromDays(12));
            await device.HappenedAsync(happened => happened is SupplyEvent.PermitRefused { Refused: PermitRefused.IssuedInFuture });
        }
        finally
        {
            village.ShiftNode(Duration.FromDays(-1));
        }

        await village.Desk.ReviewAsync(default);

        await SupplyVillage.UntilAsync(() => device.Supply.Permit!.Sequence > 2, () => $"the device holds {device.Supply.Permit}");
        Assert.Equal(RelayState.Closed, device.Board.ReadBack);
    }

    [EngineFact]
    public async Task Operator_TripsForSafety_PayingDoesNotLiftItAndTheResetDoes()
    {
        await village.StartNodeOnceAsync();
        var device = await village.PaidDeviceAsync();
        var community = village.Community;
        Assert.Empty(await community.Node.Parts.Houses!.PutAsync(
            [new(device.Id, $"house {device.Id}", MeterKind.Premises, TestCommunity.Grid, default)], default));
        var session = await TestSession.BeginAsync(community, "trip operator", address: null, Role.Operator);
        using var client = session.Client(community);

        Assert.Equal(HttpStatusCode.NoContent, await AskAsync(HttpMethod.Post, $"meters/{device.Id}/trip", """{"reason":"safety","note":"a cable fell"}"""));
        await device.UntilAsync(RelayState.Open, SupplyReason.SafetyTrip);
        village.Say(device.Id, village.Now + Duration.FromDays(300));
        await SupplyVillage.UntilAsync(() => device.Supply.Permit?.Until > village.Now + Duration.FromDays(30), () => "the new permit did not come");
        Assert.Equal(RelayState.Open, device.Board.ReadBack);
        Assert.Equal(HttpStatusCode.NoContent, await AskAsync(HttpMethod.Delete, $"meters/{device.Id}/trip?reason=theft", body: null));
        Assert.Equal(SupplyReason.SafetyTrip, device.Supply.Report.Reason);

        Assert.Equal(HttpStatusCode.NoContent, await AskAsync(HttpMethod.Delete, $"meters/{device.Id}/trip?reason=safety", body: null));
        await device.UntilAsync(RelayState.Closed, SupplyReason.PermitHeld);

        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync(HttpMethod.Post, $"meters/{device.Id}/trip", """{"reason":"debt"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync(HttpMethod.Delete, $"meters/{device.Id}/trip", body: null));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(HttpMethod.Post, $"meters/{community.Node.Contracts.Anchors}/trip", """{"reason":"theft"}"""));
        var commands = (await community.Node.Store.Supply.CommandsAsync(default)).Where(command => command.Meter == device.Id).ToList();
        Assert.Equal(
            [(SupplyFlags.SafetyTrip, true, "a cable fell"), (SupplyFlags.TheftTrip, false, ""), (SupplyFlags.SafetyTrip, false, "")],
            commands.Select(command => (command.Trip, command.IsTripped, command.Note)));
        Assert.All(commands, command => Assert.Equal(session.Account, command.Account));

        async Task<HttpStatusCode> AskAsync(HttpMethod method, string path, string? body)
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null)
                request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var answer = await client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [EngineFact]
    public async Task Http_DevicesOwnToken_GetsThePermitAsItIsSigned()
    {
        await village.StartNodeOnceAsync();
        var device = await village.PaidDeviceAsync();
        var other = village.Community.Meters[0].Id;

        Assert.Equal(
            (HttpStatusCode.OK, System.Text.Encoding.UTF8.GetString(SupplyPermitJson.Encode(village.Desk.PermitOf(device.Id)!))),
            await PermitAsync(device.Id, village.Community.Node.Tokens.For(device.Id)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await PermitAsync(device.Id, village.Community.Node.Tokens.For(other))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PermitAsync(other, village.Community.Node.Tokens.For(other))).Status);
    }

    private async Task<(HttpStatusCode Status, string Body)> PermitAsync(MeterId meter, string token)
    {
        using var client = new HttpClient { BaseAddress = village.Community.Node.Page };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.GetAsync($"api/v1/meters/{meter}/permit");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private SupplyStanding Standing(SupplyDevice device) => village.Desk.Of(device.Id, village.Now)!;

    private void Send(SupplyDevice device, ReadOnlySpan<byte> payload) => village.Community.Node.Parts.Server!.Mqtt.Publish(
        DeviceTopic.For(device.Id, DeviceChannel.Permit), payload, Mqtt.MqttQos.AtLeastOnce);
}
