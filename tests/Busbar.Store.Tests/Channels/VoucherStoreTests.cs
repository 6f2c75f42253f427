using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Store.Channels;
using Busbar.Store.Tests.Sqlite;
using NodaTime;

namespace Busbar.Store.Tests.Channels;

public sealed class VoucherStoreTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);
    private static readonly PrivateKey Payer = PrivateKey.FromSeed("payer"u8);

    [Fact]
    public async Task Put_EveryField_ReadBackAfterReopening()
    {
        await using var open = await OpenSqlite.OpenAsync();
        var largest = Voucher(1, Coin.Most - Coin.FromWei((Int128)1), long.MaxValue, Price.FromWeiPerKilowattHour(UInt128.MaxValue));
        var smallest = Voucher(2, Coin.Zero, 0);
        Assert.True(await open.Store.Vouchers.PutAsync(largest, default));
        Assert.True(await open.Store.Vouchers.PutAsync(smallest, default));
        await open.ReopenAsync();
        Assert.Equal([.. new[] { largest, smallest }.OrderBy(v => v.Terms.Id)], await open.Store.Vouchers.AllAsync(default));
    }

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(11, 10, true)]
    [InlineData(10, 11, true)]
    [InlineData(300, 300, true)]
    [InlineData(9, 11, false)]
    [InlineData(11, 9, false)]
    [InlineData(9, 9, false)]
    public async Task Put_AfterAnother_NeverLower(int total, int energy, bool isTaken)
    {
        await using var open = await OpenSqlite.OpenAsync();
        var (first, second) = (Voucher(1, Coin.FromWei((Int128)10), 10), Voucher(1, Coin.FromWei((Int128)total), energy));
        Assert.True(await open.Store.Vouchers.PutAsync(first, default));
        Assert.Equal(isTaken, await open.Store.Vouchers.PutAsync(second, default));
        await open.ReopenAsync();
        Assert.Equal(isTaken ? second : first, Assert.Single(await open.Store.Vouchers.AllAsync(default)));
    }

    /// <summary>Amounts beyond 64 bits are compared as numbers too.</summary>
    [Fact]
    public async Task Put_TotalsOfDifferentLengths_ComparedAsNumbers()
    {
        await using var open = await OpenSqlite.OpenAsync();
        var wide = Voucher(1, Coin.FromWei((Int128)1 << 70), 1);
        Assert.True(await open.Store.Vouchers.PutAsync(wide, default));
        Assert.False(await open.Store.Vouchers.PutAsync(Voucher(1, Coin.FromWei((Int128)ulong.MaxValue), 2), default));
        Assert.Equal(wide, Assert.Single(await open.Store.Vouchers.AllAsync(default)));
    }

    [Fact]
    public async Task Put_ManyAtOnce_TheHighestStays()
    {
        await using var open = await OpenSqlite.OpenAsync();
        await Task.WhenAll(Enumerable.Range(1, 200).OrderBy(n => n * 7919 % 200).Select(n =>
            open.Store.Vouchers.PutAsync(Voucher(1, Coin.FromWei((Int128)n), n), default)));
        Assert.Equal(Coin.FromWei((Int128)200), Assert.Single(await open.Store.Vouchers.AllAsync(default)).Signed.Voucher.Total);
    }

    [Fact]
    public async Task Put_TermsOfAnotherChannel_Throws()
    {
        await using var open = await OpenSqlite.OpenAsync();
        var odd = Voucher(1, Coin.Zero, 0) with { Terms = Voucher(2, Coin.Zero, 0).Terms };
        await Assert.ThrowsAsync<ArgumentException>(() => open.Store.Vouchers.PutAsync(odd, default));
    }

    [Fact]
    public async Task Remove_ThatChannelOnly()
    {
        await using var open = await OpenSqlite.OpenAsync();
        var (first, second) = (Voucher(1, Coin.Zero, 0), Voucher(2, Coin.Zero, 0));
        await open.Store.Vouchers.PutAsync(first, default);
        await open.Store.Vouchers.PutAsync(second, default);
        await open.Store.Vouchers.RemoveAsync(first.Terms.Id, default);
        await open.ReopenAsync();
        Assert.Equal(second, Assert.Single(await open.Store.Vouchers.AllAsync(default)));
    }

    private static StoredVoucher Voucher(int channel, Coin total, long energy, Price price = default)
    {
        var terms = new ChannelTerms(
            Payer.Address, PrivateKey.FromSeed("payee"u8).Address, PrivateKey.FromSeed("meter"u8).Address, price, Noon + Duration.FromSeconds(channel));
        var voucher = new Voucher(terms.Id, total, Energy.FromMilliwattHours(energy));
        return new(terms, SignedVoucher.Sign(voucher, new(1, Payer.Address), Payer), Noon + Duration.FromMilliseconds(channel));
    }
}
