using Busbar.Device.Supply;
using Busbar.Domain.Supply;
using Busbar.Node.Tests.Testing;
using NodaTime;

namespace Busbar.Node.Tests.Supply;

/// <summary>Nodes that go and come back: each test has a node of its own.</summary>
public sealed class SupplyOutageTests : IAsyncLifetime
{
    private readonly SupplyVillage _village = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _village.DisposeAsync();

    [EngineFact]
    public async Task Node_Gone_DeviceSuppliesThroughTheGraceTripsAndReturnsByItself()
    {
        await _village.StartNodeAsync();
        var device = await _village.PaidDeviceAsync();
        await _village.Community.CloseAsync();
        await SupplyVillage.UntilAsync(() => !device.IsConnected, () => "the device is still connected");

        _village.Shift(Duration.FromDays(11));
        await device.UntilAsync(RelayState.Closed, SupplyReason.WithinGrace, isTold: false);
        _village.Shift(Duration.FromDays(3));
        await device.UntilAsync(RelayState.Open, SupplyReason.PermitEnded, isTold: false);

        _village.Say(device.Id, _village.Now + Duration.FromDays(30));
        await _village.StartNodeAsync();
        await device.UntilAsync(RelayState.Closed, SupplyReason.PermitHeld);
        Assert.Equal(2UL, device.Supply.Permit!.Sequence);
        Assert.Equal(
            [
                new SupplyEvent.RelaySwitched(RelayState.Open, SupplyReason.PermitEnded, 1),
                new SupplyEvent.RelaySwitched(RelayState.Closed, SupplyReason.PermitHeld, 2),
            ],
            device.Events);
    }

    [EngineFact]
    public async Task Node_GoneOverADeadline_DeviceGoesOnAsLongAgainAfterItsReturnThoughItStartsOnceMore()
    {
        await _village.StartNodeAsync();
        var device = await _village.PaidDeviceAsync();
        _village.Say(device.Id, _village.Now + Duration.FromHours(1));
        await SupplyVillage.UntilAsync(() => device.Supply.Permit!.Sequence == 2, () => "the second permit did not come");
        await _village.Community.CloseAsync();
        await SupplyVillage.UntilAsync(() => !device.IsConnected, () => "the device is still connected");
        _village.Shift(Duration.FromHours(5));
        await device.UntilAsync(RelayState.Closed, SupplyReason.WithinGrace, isTold: false);

        await _village.StartNodeAsync();
        await device.UntilAsync(RelayState.Closed, SupplyReason.NoTripYet);
        await _village.Community.CloseAsync();
        await _village.StartNodeAsync();
        await device.UntilAsync(RelayState.Closed, SupplyReason.NoTripYet);

        Assert.InRange(device.Supply.Permit!.NoTripBefore!.Value - _village.Now, Duration.FromHours(4.9), Duration.FromHours(5.1));
        _village.Shift(Duration.FromHours(5.1));
        await device.UntilAsync(RelayState.Open, SupplyReason.PermitEnded);
    }

    [EngineFact]
    public async Task Node_RestartedAndItsClockGoneBack_NumbersGoOnAndDevicesObey()
    {
        await _village.StartNodeAsync();
        var device = await _village.PaidDeviceAsync();
        var before = _village.Desk.PermitOf(device.Id)!.Permit;
        await _village.Community.CloseAsync();
        _village.ShiftNode(Duration.FromHours(-20));
        await _village.StartNodeAsync();
        var after = _village.Desk.PermitOf(device.Id)!.Permit;

        // The old one would be refused by a device that has its time from this node.
        Assert.Equal((before.Sequence + 1, before.Until), (after.Sequence, after.Until));
        Assert.True(after.IssuedAt < before.IssuedAt);

        _village.Say(device.Id, _village.Now - Duration.FromDays(1));
        await device.UntilAsync(RelayState.Open, SupplyReason.PermitEnded);
        Assert.Equal(before.Sequence + 2, device.Supply.Permit!.Sequence);
    }
}
