using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Store.Deliveries;
using Busbar.Store.Tests.Sqlite;
using NodaTime;

namespace Busbar.Store.Tests.Deliveries;

public sealed class DeliveryStoreTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);
    private static readonly PrivateKey Key = PrivateKey.FromSeed("a meter"u8);
    private static readonly SigningDomain Domain = new(1, Key.Address);

    [Fact]
    public async Task Put_EveryField_ReadBackAfterReopening()
    {
        await using var open = await OpenSqlite.OpenAsync();
        var source = new StoredSide(Order(1, EnergyFlow.Export), null, null, IsAcknowledged: false);
        var sink = new StoredSide(Order(1, EnergyFlow.Import), Noon, Stopped(1), IsAcknowledged: true);
        await open.Store.Deliveries.PutAsync(sink, default);
        await open.Store.Deliveries.PutAsync(source, default);
        await open.ReopenAsync();
        Assert.Equal([sink, source], await open.Store.Deliveries.AllAsync(default));
    }

    [Fact]
    public async Task Put_Again_TheOrderIsNewAndWhatWasReportedStays()
    {
        await using var open = await OpenSqlite.OpenAsync();
        var ended = new StoredSide(Order(1, EnergyFlow.Import), Noon, Stopped(1), IsAcknowledged: true);
        await open.Store.Deliveries.PutAsync(new(Order(1, EnergyFlow.Import), null, null, IsAcknowledged: false), default);
        await open.Store.Deliveries.PutAsync(ended, default);
        var again = Order(1, EnergyFlow.Import) with { Number = 9, Amount = 77 };
        await open.Store.Deliveries.PutAsync(new(again, null, null, IsAcknowledged: false), default);
        Assert.Equal(ended with { Order = again }, Assert.Single(await open.Store.Deliveries.AllAsync(default)));
    }

    [Fact]
    public async Task All_TheOldestFirst()
    {
        await using var open = await OpenSqlite.OpenAsync();
        foreach (var place in new[] { 3, 1, 2 })
        {
            var order = Order((byte)place, EnergyFlow.Import) with { IssuedAt = Noon + Duration.FromMinutes(place) };
            await open.Store.Deliveries.PutAsync(new(order, null, null, IsAcknowledged: false), default);
        }

        Assert.Equal([1, 2, 3], (await open.Store.Deliveries.AllAsync(default)).Select(side => (int)(side.Order.IssuedAt - Noon).TotalMinutes));
    }

    private static DeliveryOrder Order(byte subject, EnergyFlow flow) =>
        new(new(Key.Address), long.MaxValue, OrderKind.Open, Keccak256.Hash([subject]), Noon)
        {
            Flow = flow,
            Amount = 1_000_000_000_000,
            NotBefore = Noon,
            Deadline = Noon + Duration.FromHours(3),
        };

    private static DeliveryTold.Stopped Stopped(byte subject)
    {
        var span = new SpanReport(
            Keccak256.Hash([subject]),
            new(Key.Address),
            EnergyFlow.Import,
            Noon,
            Noon + Duration.FromSeconds(224),
            MeterRegister.FromMilliwattHours(5),
            MeterRegister.FromMilliwattHours(12_449));
        return new(1, SignedSpan.Sign(span, Domain, Key), StopReason.PowerFailed, 224, Energy.FromMilliwattHours(12_444));
    }
}
