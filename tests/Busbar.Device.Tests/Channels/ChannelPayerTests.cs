using Busbar.Cryptography;
using Busbar.Device.Channels;
using Busbar.Device.Tests.Testing;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Tests;
using NodaTime;

namespace Busbar.Device.Tests.Channels;

/// <summary>A payer that runs by itself, second by second, at a payee that a test speaks for.</summary>
public sealed class ChannelPayerTests : IPayeeDoor, IDisposable
{
    private static readonly PrivateKey Key = PrivateKey.FromSeed("payer"u8);
    private static readonly ChannelDomain Domain = new(31337, PrivateKey.FromSeed("contract"u8).Address);

    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Voucher> _handed = [];
    private readonly List<PayerNews> _told = [];
    private readonly OpenChannel _opened;
    private OpenChannel? _channel;
    private long _counted;
    private Func<Voucher, PayeeAnswer?> _answer = voucher => new PayeeAnswer.Taken(voucher.Energy + BlockRule.DefaultBlock, voucher.Energy);

    /// <summary>A block of 10 Wh costs 1,000 wei; ten of them are locked.</summary>
    public ChannelPayerTests()
    {
        var terms = new ChannelTerms(
            Key.Address, PrivateKey.FromSeed("payee"u8).Address, Key.Address, Price.FromWeiPerKilowattHour(100_000), Instant.FromDateTimeOffset(_time.GetUtcNow()));
        _channel = _opened = new(terms, Coin.FromWei((Int128)10_000), terms.Opened + Duration.FromHours(6));
    }

    public Task<PayeeAnswer?> HandOverAsync(SignedVoucher voucher, CancellationToken cancellation)
    {
        Assert.True(voucher.IsGenuine(Domain, Key.Address));
        _handed.Add(voucher.Voucher);
        return Task.FromResult(_answer(voucher.Voucher));
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Begins_WithAVoucherOverNothing_AndPaysWhatIsAsked()
    {
        var asked = 0L;
        _answer = voucher => new PayeeAnswer.Taken(voucher.Energy + BlockRule.DefaultBlock, Wh(asked));
        var running = Run();
        Assert.Equal([new(_opened.Id, Coin.Zero, Energy.Zero)], _handed);

        (asked, _counted) = (7, 7);
        await SecondAsync();
        Assert.Equal(new(_opened.Id, Coin.FromWei((Int128)700), Wh(7)), _handed[^1]);

        // Every second again, so that the node knows that somebody is there.
        var said = _handed.Count;
        await SecondAsync();
        Assert.Equal((said + 1, Wh(7)), (_handed.Count, _handed[^1].Energy));
        Assert.False(running.IsCompleted);
    }

    [Fact]
    public async Task AsksForMoreThanTheMeterCounted_PaysABlockAheadAndNoMore()
    {
        var asked = 10L;
        _answer = voucher => new PayeeAnswer.Taken(voucher.Energy + BlockRule.DefaultBlock, Wh(asked));
        _ = Run();
        await SecondAsync();
        Assert.Equal(Wh(10), _handed[^1].Energy);
        asked = 11;
        await SecondAsync();
        Assert.Equal(Wh(10), _handed[^1].Energy);
        Assert.Contains("this meter counted", _told[^1].Trouble, StringComparison.Ordinal);
        _counted = 1;
        await SecondAsync();
        Assert.Equal((Wh(11), null), (_handed[^1].Energy, _told[^1].Trouble));
    }

    [Fact]
    public async Task Limit_IsSaid_AndNothingMoreIsSigned()
    {
        (_counted, _answer) = (5, voucher => new PayeeAnswer.Taken(voucher.Energy + BlockRule.DefaultBlock, Wh(5)));
        _ = Run(limit: 499);
        await SecondAsync();
        Assert.Equal(Energy.Zero, _handed[^1].Energy);
        Assert.Contains("more than the limit", _told[^1].Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Locked_UsedUp_GoesOnAfterATopUp()
    {
        (_counted, _answer) = (101, voucher => new PayeeAnswer.Taken(voucher.Energy + BlockRule.DefaultBlock, Wh(101)));
        _ = Run(limit: 1_000_000);
        await SecondAsync();
        Assert.Contains("top the channel up", _told[^1].Trouble, StringComparison.Ordinal);
        _channel = _opened with { Locked = Coin.FromWei((Int128)20_000) };
        for (var second = 0; second < 20; second++)
            await SecondAsync();
        Assert.Equal(new(_opened.Id, Coin.FromWei((Int128)10_100), Wh(101)), _handed[^1]);
    }

    [Fact]
    public async Task NodeIsAway_TriesEverMoreSlowly_AndComesBack()
    {
        _answer = _ => null;
        _ = Run();
        for (var second = 0; second < 300; second++)
            await SecondAsync();
        Assert.InRange(_handed.Count, 10, 20);
        Assert.Equal("the payee's node does not answer", _told[^1].Trouble);
        _answer = voucher => new PayeeAnswer.Taken(voucher.Energy + BlockRule.DefaultBlock, Energy.Zero);
        for (var second = 0; second < 31; second++)
            await SecondAsync();
        Assert.Null(_told[^1].Trouble);
    }

    [Fact]
    public async Task Refused_EndsWithTheReason_AndClosedWithThat()
    {
        _answer = _ => new PayeeAnswer.Refused("VoucherLower", "a higher one is here");
        Assert.Equal("VoucherLower: a higher one is here", await Run().WaitAsync(TimeSpan.FromSeconds(10)));

        _channel = null;
        _answer = _ => new PayeeAnswer.Refused("ChannelUnknown", "no such channel");
        Assert.Equal("the channel is closed on the ledger", await Run().WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task ClosedMeanwhile_EndsBySeeingIt()
    {
        var running = Run();
        _channel = null;
        for (var second = 0; second < 20; second++)
            await SecondAsync();
        Assert.Equal("the channel is closed on the ledger", await running.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task RunAgain_SaysWhatItPromisedBefore()
    {
        (_counted, _answer) = (4, voucher => new PayeeAnswer.Taken(voucher.Energy + BlockRule.DefaultBlock, Wh(4)));
        _ = Run();
        await SecondAsync();
        Assert.Equal(Wh(4), _handed[^1].Energy);
        _handed.Clear();
        _ = Run();
        Assert.Equal(Wh(4), _handed[0].Energy);
    }

    private static Energy Wh(long wattHours) => Energy.FromMilliwattHours(wattHours * 1_000);

    // Everything between two pauses runs at once, on this thread.
    private Task<string> Run(int limit = 10_000)
    {
        var session = PayerSession.Open(
            _folder.Path, _opened, Domain, VoucherSigner.Of(Key), BlockRule.Default, Coin.FromWei((Int128)limit), MeterRegister.FromMilliwattHours(0));
        return new ChannelPayer(
            session,
            this,
            _ => Task.FromResult(_channel),
            () => (MeterRegister.FromMilliwattHours(_counted * 1_000), Instant.FromDateTimeOffset(_time.GetUtcNow())),
            _time)
        {
            Told = _told.Add,
        }.RunAsync(_stop.Token);
    }

    private async Task SecondAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        await Task.Yield();
    }
}
