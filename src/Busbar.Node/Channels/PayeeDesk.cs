using System.Collections.Concurrent;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Journal;
using Busbar.Store.Channels;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Channels;

/// <summary>
/// The payee's end of channels: takes vouchers and has each on disk before it says so, tells how far energy may flow, and closes every
/// channel in time by itself, after a restart too. Thread safe.
/// </summary>
internal sealed partial class PayeeDesk
{
    /// <summary>A payer who was not heard of for so long is not there: real time, however fast the community's clock goes.</summary>
    public static readonly TimeSpan Presence = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    private readonly IChannelLedger _ledger;
    private readonly SqliteVouchers _store;
    private readonly ChannelDomain _domain;
    private readonly BlockRule _rule;
    private readonly IClock _clock;
    private readonly ILogger<PayeeDesk> _log;
    private readonly ConcurrentDictionary<ChannelId, Held> _held = [];

    private PayeeDesk(IChannelLedger ledger, SqliteVouchers store, ChannelDomain domain, BlockRule rule, IClock clock, ILogger<PayeeDesk> log) =>
        (_ledger, _store, _domain, _rule, _clock, _log) = (ledger, store, domain, rule, clock, log);

    /// <summary>Where vouchers hold.</summary>
    public ChannelDomain Domain => _domain;

    /// <summary>How the two take turns.</summary>
    public BlockRule Rule => _rule;

    /// <summary>Called when a payer was heard of; neither blocks nor throws.</summary>
    public Action? Heard { get; set; }

    /// <summary>Whether a channel is not to be closed yet, because meters still report of it.</summary>
    public Func<ChannelId, bool> IsAwaited { get; set; } = static _ => false;

    /// <summary>The account that closes channels of payees who named it.</summary>
    public Cryptography.Address Closer => _ledger.Closer;

    /// <summary>Opens the desk with the vouchers that are on disk.</summary>
    public static async Task<PayeeDesk> OpenAsync(
        IChannelLedger ledger,
        SqliteVouchers store,
        ChannelDomain domain,
        BlockRule rule,
        IClock clock,
        ILogger<PayeeDesk> log,
        CancellationToken cancellation)
    {
        var desk = new PayeeDesk(ledger, store, domain, rule, clock, log);
        foreach (var stored in await store.AllAsync(cancellation))
            desk._held[stored.Terms.Id] = new() { Best = stored };
        return desk;
    }

    /// <summary>Every channel that ever was, newest first.</summary>
    public IEnumerable<ChannelStanding> All() => _ledger.All.Select(Standing);

    /// <summary>Where a channel stands; null when it was never opened.</summary>
    public ChannelStanding? Find(ChannelId id) => _ledger.Find(id) is { } channel ? Standing(channel) : null;

    /// <summary>The open channels whose payers were heard of within <see cref="Presence"/>.</summary>
    public IEnumerable<ChannelStanding> There() => _held
        .Where(pair => pair.Value.HeardAt is > 0 and var heard && TimeProvider.System.GetElapsedTime(heard) <= Presence)
        .Select(pair => Find(pair.Key)).OfType<ChannelStanding>().Where(standing => standing.Channel.Ending is null);

    /// <summary>
    /// Takes a voucher. When it returns one as taken, it is on disk. Said again it is taken again, and nothing is written: so a payer says that it
    /// is there.
    /// </summary>
    /// <exception cref="StoreException">The disk is full or failing; then the voucher was not taken, and the same one may be sent again.</exception>
    public async Task<VoucherOutcome> TakeAsync(SignedVoucher signed, CancellationToken cancellation)
    {
        var id = signed.Voucher.Channel;
        if (_ledger.Find(id) is not { Ending: null } known)
            return new VoucherOutcome.Refused(new VoucherRefused.UnknownChannel(id));
        // Looked at before there is a place for it, so that what is worth nothing takes no memory.
        if (BlockRule.Check(known.Channel, signed, BestOf(id), _domain, _clock.GetCurrentInstant()) is { } early)
            return new VoucherOutcome.Refused(early);
        var held = _held.GetOrAdd(id, _ => new());
        await held.Gate.WaitAsync(cancellation);
        try
        {
            // It may have been closed meanwhile, or have more locked.
            if (_ledger.Find(id) is not { Ending: null } open)
                return new VoucherOutcome.Refused(new VoucherRefused.UnknownChannel(id));
            var now = _clock.GetCurrentInstant();
            if (BlockRule.Check(open.Channel, signed, held.Best?.Signed.Voucher, _domain, now) is { } refused)
                return new VoucherOutcome.Refused(refused);
            if (held.Best?.Signed != signed)
                await WriteAsync(held, new(open.Channel.Terms, signed, now));
            held.HeardAt = TimeProvider.System.GetTimestamp();
            Heard?.Invoke();
            return new VoucherOutcome.Taken(Standing(open));
        }
        finally
        {
            held.Gate.Release();
        }
    }

    /// <summary>Closes what is to be closed, and forgets what is over; once.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        foreach (var (id, held) in _held)
        {
            cancellation.ThrowIfCancellationRequested();
            if (held.Best is not { } best)
                continue;
            var now = _clock.GetCurrentInstant();
            // One that the ledger does not know may have been taken back with its block, and come again: it is kept.
            if (_ledger.Find(id) is not { } known)
                continue;
            if (known.Ending is null)
                await LookAtAsync(held, best, known, now, cancellation);
            else if (now > known.Channel.LastClosing + ClosingPlan.KeptAfter)
                await ForgetAsync(id, held);
        }
    }

    /// <summary>Looks until cancelled; at once first, because the node may have been away.</summary>
    public async Task RunAsync(TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        do
        {
            try
            {
                await LookAsync(stopping);
            }
            catch (StoreException failed)
            {
                LogNotForgotten(failed.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task WriteAsync(Held held, StoredVoucher voucher)
    {
        // Not to be cancelled: half a promise would be on disk and not in memory.
        if (await _store.PutAsync(voucher, CancellationToken.None))
            held.Best = voucher;
        else
            throw new InvalidOperationException($"the store holds a higher voucher of {voucher.Terms.Id} than the desk");
    }

    private async Task LookAtAsync(Held held, StoredVoucher best, LedgerChannel open, Instant now, CancellationToken cancellation)
    {
        var (channel, worth) = (open.Channel, best.Signed.Voucher.Total);
        if (worth == Coin.Zero)
            return;
        if (now > channel.LastClosing)
        {
            if (!held.IsLost)
                LogLost(channel.Id, worth, channel.LastClosing);
            held.IsLost = true;
            held.Trouble = $"the ledger took closings until {channel.LastClosing}; {worth} coins are lost";
            return;
        }

        if (!ClosingPlan.IsDue(channel, now) || now < held.NotBefore || (IsAwaited(channel.Id) && now < channel.End + ClosingPlan.ReportPatience))
            return;
        string? trouble;
        await held.Gate.WaitAsync(cancellation);
        try
        {
            // A voucher of the last moment may have come since.
            trouble = await TryAsync(held.Best!, cancellation);
        }
        finally
        {
            held.Gate.Release();
        }

        held.Trouble = trouble;
        if (trouble is null)
        {
            LogClosed(channel.Id, worth);
            return;
        }

        held.NotBefore = now + ClosingPlan.Pause(++held.Attempts);
        var level = channel.LastClosing - now <= ClosingPlan.Alarm ? LogLevel.Critical : LogLevel.Warning;
        LogNotClosed(level, channel.Id, worth, channel.LastClosing, trouble);
    }

    private async Task<string?> TryAsync(StoredVoucher best, CancellationToken cancellation)
    {
        if (!_ledger.MayClose(best.Terms.Payee))
            return $"the payee has not named {_ledger.Closer} as who closes: name it, or close with the voucher from the payee's own wallet";
        try
        {
            return await _ledger.CloseAsync(best.Terms, best.Signed, cancellation);
        }
        catch (Exception failed) when (failed is ChainException or EngineException or StoreException)
        {
            return failed.Message;
        }
    }

    private async Task ForgetAsync(ChannelId id, Held held)
    {
        await _store.RemoveAsync(id, CancellationToken.None);
        held.Best = null;
        _held.TryRemove(id, out _);
    }

    private Voucher? BestOf(ChannelId id) => _held.GetValueOrDefault(id)?.Best?.Signed.Voucher;

    private ChannelStanding Standing(LedgerChannel channel)
    {
        var id = channel.Channel.Id;
        var held = _held.GetValueOrDefault(id);
        var best = held?.Best?.Signed;
        var mayFlow = channel.Ending is null ? _rule.MayFlow(channel.Channel, best?.Voucher, _clock.GetCurrentInstant()) : Energy.Zero;
        return new(channel, best, mayFlow, _ledger.MayClose(channel.Channel.Terms.Payee), channel.Ending is null ? held?.Trouble : null);
    }

    [LoggerMessage(2401, LogLevel.Information, "Channel {Channel} is closed with a voucher of {Total} coins")]
    private partial void LogClosed(ChannelId channel, Coin total);

    [LoggerMessage(EventId = 2402, Message = "Channel {Channel}, worth {Total} coins until {Latest}, is not closed yet: {Trouble}")]
    private partial void LogNotClosed(LogLevel level, ChannelId channel, Coin total, Instant latest, string trouble);

    [LoggerMessage(2403, LogLevel.Critical, "Channel {Channel} was not closed in time, {Total} coins are lost: it could be closed until {Latest}")]
    private partial void LogLost(ChannelId channel, Coin total, Instant latest);

    [LoggerMessage(2404, LogLevel.Warning, "Vouchers of channels that are over are still on disk: {Trouble}")]
    private partial void LogNotForgotten(string trouble);

    /// <summary>What is held of a channel.</summary>
    private sealed class Held
    {
        private volatile StoredVoucher? _best;
        private volatile string? _trouble;
        private long _heardAt;

        /// <summary>One at a time: a voucher that is taken, or a closing.</summary>
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public StoredVoucher? Best
        {
            get => _best;
            set => _best = value;
        }

        public string? Trouble
        {
            get => _trouble;
            set => _trouble = value;
        }

        /// <summary>When a voucher came last, in this run of the node, as a timestamp; 0 when none did.</summary>
        public long HeardAt
        {
            get => Volatile.Read(ref _heardAt);
            set => Volatile.Write(ref _heardAt, value);
        }

        public int Attempts { get; set; }

        public Instant NotBefore { get; set; } = Instant.MinValue;

        public bool IsLost { get; set; }
    }
}
