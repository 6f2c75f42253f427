using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Ledger.Trading;
using Busbar.Store.Deliveries;
using Busbar.Store.Tests.Sqlite;
using NodaTime;

namespace Busbar.Store.Tests.Deliveries;

public sealed class TurnStoreTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);
    private static readonly PrivateKey Key = PrivateKey.FromSeed("a meter"u8);

    [Fact]
    public async Task Put_EveryField_ReadBackAfterReopening()
    {
        await using var open = await OpenSqlite.OpenAsync();
        await open.Store.Turns.PutAsync(new(Terms(1, 0), null), default);
        await open.Store.Turns.PutAsync(new(Terms(2, 0), Wh(7)), default);
        await open.ReopenAsync();
        Assert.Equal([new(Terms(1, 0), null), new(Terms(2, 0), Wh(7))], await open.Store.Turns.NeededAsync(default));
    }

    [Fact]
    public async Task Put_Over_StaysOver()
    {
        await using var open = await OpenSqlite.OpenAsync();
        await open.Store.Turns.PutAsync(new(Terms(1, 0), Wh(7)), default);
        await open.Store.Turns.PutAsync(new(Terms(1, 0), null), default);
        await open.Store.Turns.PutAsync(new(Terms(1, 0), Wh(8)), default);
        Assert.Equal(Wh(7), Assert.Single(await open.Store.Turns.NeededAsync(default)).Arrived);
    }

    [Fact]
    public async Task Needed_UnderWay_LastOfEachChannel_AndWhatAMeterStillKeeps()
    {
        await using var open = await OpenSqlite.OpenAsync();
        foreach (var before in new[] { 0, 1, 2 })
            await open.Store.Turns.PutAsync(new(Terms(1, before), Wh(1)), default);
        await open.Store.Turns.PutAsync(new(Terms(2, 0), null), default);
        await open.Store.Turns.PutAsync(new(Terms(2, 5), Wh(1)), default);
        Assert.Equal([Wh(2), Wh(0), Wh(5)], await BeforesAsync());

        // The meter has not heard that its report is safe: it will say it again.
        var kept = new StoredSide(Order(Terms(1, 1).Id()), Noon, Stopped(Terms(1, 1).Id()), IsAcknowledged: false);
        await open.Store.Deliveries.PutAsync(kept, default);
        Assert.Equal([Wh(1), Wh(2), Wh(0), Wh(5)], await BeforesAsync());
        await open.Store.Deliveries.PutAsync(kept with { IsAcknowledged = true }, default);
        Assert.Equal([Wh(2), Wh(0), Wh(5)], await BeforesAsync());

        async Task<IEnumerable<Energy>> BeforesAsync() => (await open.Store.Turns.NeededAsync(default)).Select(turn => turn.Terms.Before);
    }

    private static Energy Wh(int wattHours) => Energy.FromMilliwattHours(wattHours * 1_000L);

    private static DeliveryTerms Terms(byte channel, int before) => new()
    {
        Seller = Key.Address,
        Buyer = new(Enumerable.Repeat((byte)9, Address.Length).ToArray()),
        Microgrid = new(3),
        Source = new(Key.Address),
        Sink = new(new Address(Enumerable.Repeat((byte)8, Address.Length).ToArray())),
        Energy = Wh(1_000_000),
        Before = Wh(before),
        Share = Coin.Zero,
        Tax = Coin.Zero,
        Opened = Noon,
        Deadline = Noon + Duration.FromHours(24),
        Patience = Duration.Zero,
        LossShare = 200,
        IsStored = false,
        Origin = Keccak256.Hash([channel]),
    };

    private static DeliveryOrder Order(Hash256 turn) => new(new(Key.Address), 1, OrderKind.Open, turn, Noon)
    {
        Flow = EnergyFlow.Import,
        Amount = 10_000,
        NotBefore = Noon,
        Deadline = Noon + Duration.FromHours(24),
    };

    private static DeliveryTold.Stopped Stopped(Hash256 turn) => new(
        1,
        SignedSpan.Sign(
            new(
                turn,
                new(Key.Address),
                EnergyFlow.Import,
                Noon,
                Noon + Duration.FromMinutes(1),
                MeterRegister.FromMilliwattHours(1),
                MeterRegister.FromMilliwattHours(1_001)),
            new(1, Key.Address),
            Key),
        StopReason.AmountReached,
        60,
        Wh(1));
}
