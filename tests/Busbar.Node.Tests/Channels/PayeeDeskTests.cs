using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Node.Channels;
using Busbar.Node.Tests.Testing;
using Busbar.Store.Sqlite;
using NodaTime;
using static Busbar.Node.Tests.Channels.MemoryChannels;

namespace Busbar.Node.Tests.Channels;

public sealed class PayeeDeskTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-payee-").FullName;
    private readonly Hand _clock = new();
    private readonly ListLogger<PayeeDesk> _log = new();
    private MemoryChannels _ledger = null!;
    private SqliteStore _store = null!;
    private PayeeDesk _desk = null!;

    public async Task InitializeAsync()
    {
        _ledger = new(_clock);
        _ledger.Put(Channel);
        await OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Take_EachBlockAnswered_TheNextMayFlow()
    {
        Assert.Equal(Blocks(1), _desk.Find(Channel.Id)!.MayFlow);
        for (var blocks = 1; blocks < 10; blocks++)
            Assert.Equal(Blocks(blocks + 1), (await TakenAsync(Voucher(blocks))).MayFlow);
    }

    [Fact]
    public async Task Take_Taken_OnDiskAndThereAfterARestart()
    {
        await TakenAsync(Voucher(1));
        await TakenAsync(Voucher(5));
        await RestartAsync();
        var standing = _desk.Find(Channel.Id)!;
        Assert.Equal(Voucher(5), standing.Best);
        Assert.Equal(Blocks(6), standing.MayFlow);
        Assert.IsType<VoucherRefused.Lower>(await RefusedAsync(Voucher(4)));
        await TakenAsync(Voucher(5));
        await TakenAsync(Voucher(6));
    }

    [Fact]
    public async Task Take_WorthNothing_RefusedAndNotKept()
    {
        Assert.IsType<VoucherRefused.WrongSigner>(await RefusedAsync(Voucher(1, key: Payee)));
        var unknown = Channel with { Terms = Channel.Terms with { Price = Price.Zero } };
        Assert.IsType<VoucherRefused.UnknownChannel>(await RefusedAsync(Voucher(1, unknown)));
        Assert.IsType<VoucherRefused.AboveLocked>(await RefusedAsync(Voucher(101)));
        var cheap = Voucher(2).Voucher with { Total = Coin.FromWei((Int128)1_999) };
        Assert.IsType<VoucherRefused.TooLittle>(await RefusedAsync(SignedVoucher.Sign(cheap, MemoryChannels.Domain, Payer)));
        var elsewhere = new ChannelDomain(1, MemoryChannels.Domain.Contract);
        Assert.IsType<VoucherRefused.WrongSigner>(await RefusedAsync(SignedVoucher.Sign(Voucher(1).Voucher, elsewhere, Payer)));
        Assert.Empty(await _store.Vouchers.AllAsync(default));
    }

    [Fact]
    public async Task Take_ManyAtOnce_TheHighestIsHeld()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 60).OrderBy(n => n * 37 % 61).Select(n => _desk.TakeAsync(Voucher(n), default)));
        Assert.Contains(outcomes, outcome => outcome is VoucherOutcome.Taken);
        Assert.Equal(Voucher(60), _desk.Find(Channel.Id)!.Best);
        Assert.Equal(Voucher(60), Assert.Single(await _store.Vouchers.AllAsync(default)).Signed);
    }

    [Fact]
    public async Task Take_AfterATopUp_MoreThanWasLocked()
    {
        Assert.IsType<VoucherRefused.AboveLocked>(await RefusedAsync(Voucher(101)));
        _ledger.Put(Channel with { Locked = Coin.FromWei((Int128)200_000) });
        await TakenAsync(Voucher(101));
    }

    [Fact]
    public async Task Take_AtTheEnd_TakenButNothingFlows()
    {
        _clock.Now = Channel.End;
        Assert.Equal(Energy.Zero, (await TakenAsync(Voucher(1))).MayFlow);
    }

    [Fact]
    public async Task Look_BeforeTheEnd_NotClosed()
    {
        await TakenAsync(Voucher(3));
        _clock.Now = Channel.End - Duration.FromTicks(1);
        await _desk.LookAsync(default);
        Assert.Empty(_ledger.Attempts);
    }

    [Fact]
    public async Task Look_AtTheEnd_ClosedOnceWithTheHighest()
    {
        await TakenAsync(Voucher(3));
        await TakenAsync(Voucher(7));
        _clock.Now = Channel.End;
        await _desk.LookAsync(default);
        await _desk.LookAsync(default);
        Assert.Equal(Voucher(7), Assert.Single(_ledger.Attempts));
        Assert.Equal(Coin.FromWei((Int128)7_000), _ledger.Find(Channel.Id)!.Ending!.Paid);
        Assert.IsType<VoucherRefused.UnknownChannel>(await RefusedAsync(Voucher(8)));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Look_NodeWasAwayAtTheEnd_ClosedAfterTheRestart()
    {
        await TakenAsync(Voucher(7));
        _clock.Now = Channel.LastClosing;
        await RestartAsync();
        await _desk.LookAsync(default);
        Assert.Equal(Coin.FromWei((Int128)7_000), _ledger.Find(Channel.Id)!.Ending!.Paid);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Look_RefusedOrOutOfReach_TriedAgainWithPausesAndWarned(bool isOutOfReach)
    {
        await TakenAsync(Voucher(7));
        (_ledger.IsOutOfReach, _ledger.Refusal) = (isOutOfReach, isOutOfReach ? null : "not now");
        _clock.Now = Channel.End;
        await _desk.LookAsync(default);
        await _desk.LookAsync(default);
        Assert.Single(_ledger.Attempts);
        Assert.Contains(isOutOfReach ? "out of reach" : "not now", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.NotNull(_desk.Find(Channel.Id)!.Trouble);
        _clock.Now += ClosingPlan.FirstPause;
        await _desk.LookAsync(default);
        Assert.Equal(2, _ledger.Attempts.Count);
        (_ledger.IsOutOfReach, _ledger.Refusal) = (false, null);
        _clock.Now += ClosingPlan.FirstPause;
        await _desk.LookAsync(default);
        Assert.Equal(2, _ledger.Attempts.Count);
        _clock.Now += ClosingPlan.FirstPause;
        await _desk.LookAsync(default);
        Assert.Equal(3, _ledger.Attempts.Count);
        Assert.Null(_desk.Find(Channel.Id)!.Trouble);
        Assert.NotNull(_ledger.Find(Channel.Id)!.Ending);
    }

    /// <summary>However long the pauses are, the grace holds many attempts, and the last is not long before its end.</summary>
    [Fact]
    public async Task Look_ThroughTheWholeGrace_TriedToTheEnd()
    {
        await TakenAsync(Voucher(7));
        _ledger.IsOutOfReach = true;
        for (_clock.Now = Channel.End; _clock.Now <= Channel.LastClosing; _clock.Now += Duration.FromSeconds(15))
            await _desk.LookAsync(default);
        Assert.InRange(_ledger.Attempts.Count, 45, 60);
        Assert.Contains(_log.Lines, line => line.Contains("until", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Look_NotNamed_NotTriedAndSaidWhatToDo()
    {
        await TakenAsync(Voucher(7));
        _ledger.IsNamed = false;
        Assert.False(_desk.Find(Channel.Id)!.ClosesItself);
        _clock.Now = Channel.End;
        await _desk.LookAsync(default);
        Assert.Empty(_ledger.Attempts);
        Assert.Contains(_ledger.Closer.ToString(), _desk.Find(Channel.Id)!.Trouble!, StringComparison.Ordinal);
        _ledger.IsNamed = true;
        _clock.Now += ClosingPlan.FirstPause;
        await _desk.LookAsync(default);
        Assert.Single(_ledger.Attempts);
    }

    [Fact]
    public async Task Look_TooLate_SaidOnceAndNotTried()
    {
        await TakenAsync(Voucher(7));
        _clock.Now = Channel.LastClosing + Duration.FromSeconds(1);
        await _desk.LookAsync(default);
        await _desk.LookAsync(default);
        Assert.Empty(_ledger.Attempts);
        Assert.Contains("lost", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_LongOver_ForgottenOnDiskToo()
    {
        await TakenAsync(Voucher(7));
        _clock.Now = Channel.End;
        await _desk.LookAsync(default);
        _clock.Now = Channel.LastClosing + ClosingPlan.KeptAfter;
        await _desk.LookAsync(default);
        Assert.Single(await _store.Vouchers.AllAsync(default));
        _clock.Now += Duration.FromSeconds(1);
        await _desk.LookAsync(default);
        Assert.Empty(await _store.Vouchers.AllAsync(default));
    }

    [Fact]
    public async Task Look_WorthNothing_LeftToThePayer()
    {
        await TakenAsync(Voucher(0));
        _clock.Now = Channel.End;
        await _desk.LookAsync(default);
        Assert.Empty(_ledger.Attempts);
    }

    private async Task OpenAsync()
    {
        _store = await SqliteStore.OpenAsync(_folder, TimeProvider.System, null, default);
        _desk = await PayeeDesk.OpenAsync(_ledger, _store.Vouchers, MemoryChannels.Domain, BlockRule.Default, _clock, _log, default);
    }

    private async Task RestartAsync()
    {
        await _store.DisposeAsync();
        await OpenAsync();
    }

    private async Task<ChannelStanding> TakenAsync(SignedVoucher voucher) =>
        Assert.IsType<VoucherOutcome.Taken>(await _desk.TakeAsync(voucher, default)).Standing;

    private async Task<VoucherRefused> RefusedAsync(SignedVoucher voucher) =>
        Assert.IsType<VoucherOutcome.Refused>(await _desk.TakeAsync(voucher, default)).Reason;
}
