using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Tests.Channels;

public sealed class BlockRuleTests
{
    private static readonly Instant Opened = Instant.FromUtc(2026, 5, 1, 12, 0);
    private static readonly Instant End = Opened + Duration.FromHours(6);
    private static readonly PrivateKey Payer = PrivateKey.FromSeed([1]);
    private static readonly PrivateKey Payee = PrivateKey.FromSeed([2]);
    private static readonly ChannelDomain Domain = new(31337, PrivateKey.FromSeed([3]).Address);

    /// <summary>A tenth of a coin for a kWh: a block of 10 Wh costs 10^15 wei; ten blocks are locked.</summary>
    private static readonly OpenChannel Channel = new(
        new(Payer.Address, Payee.Address, Payer.Address, Price.FromWeiPerKilowattHour(100_000_000_000_000_000), Opened), Wei(10), End);

    [Fact]
    public void MayFlow_NoVoucherYet_OneBlock() => Assert.Equal(Blocks(1), BlockRule.Default.MayFlow(Channel, null, Opened));

    [Fact]
    public void MayFlow_Answered_OneBlockMore()
    {
        Assert.Equal(Blocks(4), BlockRule.Default.MayFlow(Channel, Voucher(3), Opened));
        Assert.Equal(Blocks(10), BlockRule.Default.MayFlow(Channel, Voucher(9), Opened));
    }

    [Fact]
    public void MayFlow_LockedIsUsedUp_NothingMore() => Assert.Equal(Blocks(10), BlockRule.Default.MayFlow(Channel, Voucher(10), Opened));

    [Fact]
    public void MayFlow_LockedDoesNotReachForABlock_AsMuchAsItReachesFor()
    {
        var short_ = Channel with { Locked = Wei(3) + Coin.FromWei((Int128)500_000_000_000_000) };
        Assert.Equal(Blocks(3) + Energy.FromMilliwattHours(5_000), BlockRule.Default.MayFlow(short_, Voucher(3), Opened));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void MayFlow_AtTheEnd_Nothing(int ticksAfter)
    {
        var now = End + Duration.FromTicks(ticksAfter);
        Assert.Equal(ticksAfter < 0 ? Blocks(3) : Energy.Zero, BlockRule.Default.MayFlow(Channel, Voucher(2), now));
    }

    [Fact]
    public void MayFlow_DearBeyondAllCoin_WhatIsAffordable()
    {
        var terms = Channel.Terms with { Price = Price.FromWeiPerKilowattHour(UInt128.MaxValue) };
        var dear = Channel with { Terms = terms, Locked = Coin.FromWei((Int128)1_000) };
        Assert.Equal(Energy.Zero, BlockRule.Default.MayFlow(dear, null, Opened));
    }

    [Fact]
    public void Check_EnoughForTheEnergy_Taken()
    {
        Assert.Null(Check(Voucher(1)));
        Assert.Null(Check(Voucher(2), before: Voucher(1)));
        Assert.Null(Check(Voucher(1), before: Voucher(1)));
        Assert.Null(Check(Voucher(10)));
        Assert.Null(Check(Voucher(1), now: Channel.LastClosing));
    }

    [Fact]
    public void Check_OtherChannel_Unknown() =>
        Assert.IsType<VoucherRefused.UnknownChannel>(Check(Voucher(1) with { Channel = new(Keccak256.Hash([1])) }));

    [Fact]
    public void Check_AfterTheGrace_TooLate() => Assert.Equal(
        new VoucherRefused.TooLate(Channel.LastClosing), Check(Voucher(1), now: Channel.LastClosing + Duration.FromSeconds(1)));

    [Fact]
    public void Check_OtherSigner_Refused()
    {
        Assert.IsType<VoucherRefused.WrongSigner>(Check(Voucher(1), key: Payee));
        var named = Channel with { Terms = Channel.Terms with { Signer = Payee.Address } };
        var voucher = Voucher(1) with { Channel = named.Id };
        Assert.Null(BlockRule.Check(named, SignedVoucher.Sign(voucher, Domain, Payee), null, Domain, Opened));
        Assert.IsType<VoucherRefused.WrongSigner>(BlockRule.Check(named, SignedVoucher.Sign(voucher, Domain, Payer), null, Domain, Opened));
    }

    [Fact]
    public void Check_OtherChainOrContract_Refused()
    {
        foreach (var other in new ChannelDomain[] { new(1, Domain.Contract), new(Domain.ChainId, Payer.Address) })
        {
            var signed = SignedVoucher.Sign(Voucher(1), other, Payer);
            Assert.IsType<VoucherRefused.WrongSigner>(BlockRule.Check(Channel, signed, null, Domain, Opened));
        }
    }

    [Fact]
    public void Check_LessThanBefore_Lower()
    {
        Assert.IsType<VoucherRefused.Lower>(Check(Voucher(1), before: Voucher(2)));
        Assert.IsType<VoucherRefused.Lower>(Check(Voucher(2) with { Energy = Blocks(1) }, before: Voucher(2)));
        Assert.IsType<VoucherRefused.Lower>(Check(Voucher(2) with { Total = Wei(2) - Coin.FromWei((Int128)1) }, before: Voucher(2)));
    }

    [Fact]
    public void Check_AWeiAboveLocked_Refused()
    {
        var total = Wei(10) + Coin.FromWei((Int128)1);
        Assert.Equal(new VoucherRefused.AboveLocked(total, Wei(10)), Check(Voucher(10) with { Total = total }));
    }

    [Fact]
    public void Check_AWeiShort_TooLittle()
    {
        var total = Wei(2) - Coin.FromWei((Int128)1);
        Assert.Equal(new VoucherRefused.TooLittle(total, Wei(2)), Check(Voucher(2) with { Total = total }));
    }

    [Fact]
    public void Check_EnergyThatCostsMoreThanAllCoin_TooLittle()
    {
        var voucher = new Voucher(Channel.Id, Wei(10), Energy.FromMilliwattHours(long.MaxValue));
        var dear = Channel with { Terms = Channel.Terms with { Price = Price.FromWeiPerKilowattHour(UInt128.MaxValue) } };
        Assert.IsType<VoucherRefused.TooLittle>(Check(voucher));
        Assert.IsType<VoucherRefused.TooLittle>(BlockRule.Check(
            dear, SignedVoucher.Sign(voucher with { Channel = dear.Id }, Domain, Payer), null, Domain, Opened));
    }

    private static VoucherRefused? Check(Voucher voucher, Voucher? before = null, PrivateKey? key = null, Instant? now = null) =>
        BlockRule.Check(Channel, SignedVoucher.Sign(voucher, Domain, key ?? Payer), before, Domain, now ?? Opened);

    private static Voucher Voucher(int blocks) => new(Channel.Id, Wei(blocks), Blocks(blocks));

    private static Energy Blocks(int count) => Energy.FromMilliwattHours(10_000L * count);

    private static Coin Wei(int blocks) => Coin.FromWei((Int128)1_000_000_000_000_000 * blocks);
}
