using System.Collections.Concurrent;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Trading;
using Busbar.Node.Deliveries;
using Busbar.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Node.Tests.Deliveries;

/// <summary>The link by itself: what it says, believes and passes over.</summary>
public sealed class DeliveryLinkTests
{
    private static readonly PrivateKey Community = PrivateKey.FromSeed("a community"u8);
    private static readonly PrivateKey MeterKey = PrivateKey.FromSeed("a meter"u8);
    private static readonly MeterId Meter = new(MeterKey.Address);
    private static readonly SigningDomain Domain = new(31337, Community.Address);
    private static readonly Instant Now = Instant.FromUtc(2026, 1, 1, 0, 0);

    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentQueue<DeliveryTold> _heard = [];
    private readonly DeliveryLink _link;

    public DeliveryLinkTests()
    {
        _link = new(Community, Domain, new FixedClock(), _time, NullLogger<DeliveryLink>.Instance) { Heard = (_, told) => _heard.Enqueue(told) };
    }

    [Fact]
    public async Task SendAsync_OneMeter_OneOrderAtATimeInTheirOrder()
    {
        var first = _link.SendAsync(Order(5), CancellationToken.None);
        var second = _link.SendAsync(Order(6), CancellationToken.None);
        Hear(new DeliveryTold.Taken(6));
        Assert.False(second.IsCompleted);

        Hear(new DeliveryTold.Taken(5));
        Assert.IsType<DeliveryAnswer.Taken>(await first);
        await UntilAnsweredAsync(second, new DeliveryTold.Refused(6, "Expired", "too late", IsTransient: false, 6));
        Assert.Equal(new DeliveryAnswer.Refused("Expired", "too late", 6), await second);
    }

    [Fact]
    public async Task SendAsync_RefusedForNow_GoesOn()
    {
        var sending = _link.SendAsync(Order(5), CancellationToken.None);
        Hear(new DeliveryTold.Refused(5, "ClockUnknown", "", IsTransient: true, 0));
        Hear(new DeliveryTold.Taken(5));

        Assert.IsType<DeliveryAnswer.Taken>(await sending);
    }

    [Fact]
    public async Task SendAsync_GivenUp_LetsTheNextOneThrough()
    {
        using var given = new CancellationTokenSource();
        var first = _link.SendAsync(Order(5), given.Token);
        var second = _link.SendAsync(Order(6), CancellationToken.None);

        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await UntilAnsweredAsync(second, new DeliveryTold.Taken(6));
    }

    [Fact]
    public async Task SendAsync_TooMany_AreNotSent()
    {
        using var given = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, DeliveryLink.MostWaiting).Select(each => _link.SendAsync(Order((ulong)each + 1), given.Token)).ToList();

        Assert.IsType<DeliveryAnswer.TooManyWaiting>(await _link.SendAsync(Order(99), CancellationToken.None));

        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
    }

    [Fact]
    public void NextNumber_RisesOverWhatWasGivenOutHeardAndTheClock()
    {
        var clock = (ulong)Now.ToUnixTimeMilliseconds();
        Assert.Equal([clock, clock + 1], [_link.NextNumber(Meter), _link.NextNumber(Meter)]);

        Hear(new DeliveryTold.Refused(null, "Malformed", "", IsTransient: false, clock + 1000));
        Assert.Equal(clock + 1001, _link.NextNumber(Meter));

        Hear(new DeliveryTold.Refused(null, "Malformed", "", IsTransient: false, ulong.MaxValue));
        Assert.Equal(clock + 1002, _link.NextNumber(Meter));
    }

    [Fact]
    public void Take_ForgedOrAnotherMeters_IsPassedOver()
    {
        var span = new SpanReport(Hash256.Zero, Meter, EnergyFlow.Import, Now, Now, default, default);
        var genuine = new DeliveryTold.Reported(1, SignedSpan.Sign(span, Domain, MeterKey));
        var forged = new DeliveryTold.Stopped(1, SignedSpan.Sign(span, Domain, Community), StopReason.Cancelled, 0, default);

        Hear(forged);
        Hear(genuine with { Span = SignedSpan.Sign(span, new(1, Domain.Deployment), MeterKey) });
        _link.Take(new(Community.Address), DeviceChannel.Delivery, genuine.Encode());
        _link.Take(Meter, DeviceChannel.Delivery, "{}"u8);
        _link.Take(Meter, DeviceChannel.Delivery, new byte[DeliveryTold.MaximumSize + 1]);
        Assert.Empty(_heard);

        Hear(genuine);
        Assert.Equal(genuine, Assert.Single(_heard));
    }

    private static DeliveryOrder Order(ulong number) => new(Meter, number, OrderKind.Cancel, Hash256.Zero, Now);

    private void Hear(DeliveryTold told) => _link.Take(Meter, DeviceChannel.Delivery, told.Encode());

    // An order that waited its turn is expected from the moment on at which it is said.
    private async Task UntilAnsweredAsync(Task<DeliveryAnswer> answer, DeliveryTold told)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!answer.IsCompleted)
        {
            late.Token.ThrowIfCancellationRequested();
            Hear(told);
            await Task.Yield();
        }
    }

    private sealed class FixedClock : IClock
    {
        public Instant GetCurrentInstant() => Now;
    }
}
