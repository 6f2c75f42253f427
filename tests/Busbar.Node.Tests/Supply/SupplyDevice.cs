using System.Collections.Concurrent;
using Busbar.Device.Boards;
using Busbar.Device.Channels;
using Busbar.Device.Link;
using Busbar.Device.Meters;
using Busbar.Device.Supply;
using Busbar.Domain.Channels;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Supply;
using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Node.Tests.Supply;

/// <summary>A running device: the product's own runtime on a simulated board of 1 kW, unless told otherwise.</summary>
internal sealed class SupplyDevice : IMeterLinkObserver, IAsyncDisposable
{
    private readonly SupplyVillage _village;
    private readonly MeterDevice _device;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private bool _isStopped;

    public SupplyDevice(string folder, SupplyVillage village, double watts = 1000)
    {
        (Folder, _village, Board) = (folder, village, new(() => watts));
        _device = village.Open(folder, Board, this);
        _running = Task.Run(() => _device.RunAsync(_stop.Token));
    }

    public string Folder { get; }

    public SimulatedBoard Board { get; }

    public MeterId Id => _device.Id;

    public SupplyControl Supply => _device.Supply;

    public int KeptDeliveries => _device.KeptDeliveries;

    public bool IsConnected => _device.Link.IsConnected;

    public ConcurrentQueue<SupplyEvent> Events { get; } = [];

    void IMeterLinkObserver.Happened(SupplyEvent happened) => Events.Enqueue(happened);

    public ConcurrentQueue<DeliveryTold> Told { get; } = [];

    void IMeterLinkObserver.Delivers(DeliveryTold told) => Told.Enqueue(told);

    public Task ConnectedAsync() => SupplyVillage.UntilAsync(() => IsConnected, () => "the device has not connected");

    /// <summary>Waits until the relay is so, for that reason, and the node knows it.</summary>
    public async Task UntilAsync(RelayState relay, SupplyReason reason, bool isTold = true)
    {
        await SupplyVillage.UntilAsync(
            () => Board.ReadBack == relay && Supply.Report.Relay == relay && Supply.Report.Reason == reason,
            () => $"{relay} for {reason} was awaited, the board has {Board.ReadBack}, the device says {Supply.Report}");
        if (isTold)
        {
            await SupplyVillage.UntilAsync(
                () => _village.Desk.Of(Id, _village.Now) is { Told: { } told } && told.Relay == relay && told.SupplyReason == reason,
                () => $"{relay} for {reason} was awaited, the node knows {_village.Desk.Of(Id, _village.Now)}");
        }
    }

    /// <summary>Takes up a channel that the device pays for.</summary>
    public PayerSession OpenPayer(OpenChannel channel, ChannelDomain domain, Coin limit) => _device.OpenPayer(channel, domain, limit);

    /// <summary>What its payer knows.</summary>
    public (MeterRegister Register, Instant Now)? PayerSituation => _device.PayerSituation;

    /// <summary>Waits for an event.</summary>
    public Task HappenedAsync(Func<SupplyEvent, bool> isIt) =>
        SupplyVillage.UntilAsync(() => Events.Any(isIt), () => $"it did not happen; what did: {string.Join("; ", Events)}");

    public async Task StopAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _device.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
