using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Bills;
using NodaTime;
using Events = Busbar.Ledger.Contracts.Channels.Events;

namespace Busbar.Ledger.Indexing;

/// <summary>How a channel ended.</summary>
/// <param name="Paid">To the payee.</param>
/// <param name="Returned">To the payer.</param>
/// <param name="Energy">What the closing voucher speaks of.</param>
/// <param name="IsReclaimed">Whether nobody closed it, and the payer took everything back.</param>
/// <param name="Place">Where that stands.</param>
public sealed record ChannelEnding(Coin Paid, Coin Returned, Energy Energy, bool IsReclaimed, LedgerPlace Place);

/// <summary>A channel as the events tell it.</summary>
/// <param name="Channel">Its terms, what was locked last, and its end.</param>
/// <param name="Place">Where its opening stands.</param>
/// <param name="Ending">How it ended; null while it is open.</param>
/// <param name="Counted">Taken off the bills of both so far, because both meters showed it; what vouchers speak of may be more.</param>
public sealed record LedgerChannel(OpenChannel Channel, LedgerPlace Place, ChannelEnding? Ending, Energy Counted = default);

/// <summary>Energy of a channel's turn that was taken off the bills of both.</summary>
/// <param name="Channel">Which one.</param>
/// <param name="Turn">The id that both meters signed.</param>
/// <param name="Source">The payee's meter.</param>
/// <param name="Sink">The payer's meter.</param>
/// <param name="Energy">What both showed, and no other trade had.</param>
/// <param name="Place">Where that stands.</param>
public sealed record CountedEnergy(ChannelId Channel, Hash256 Turn, MeterId Source, MeterId Sink, Energy Energy, LedgerPlace Place);

/// <summary>Every channel, and who may close for whom, as the events of <c>Channels</c> say. Safe for concurrent callers.</summary>
/// <param name="contract">Whose events count; null in a community without channels, where the view stays empty.</param>
public sealed class ChannelsView(Address? contract)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ChannelId, LedgerChannel> _channels = [];
    private readonly HashSet<(Address Payee, Address Closer)> _closers = [];
    private readonly List<CountedEnergy> _counted = [];

    // A chain that goes back is rare: what stands is applied anew then.
    private readonly List<(IndexedBlock Block, IndexedEvent Event)> _applied = [];

    /// <summary>All channels that ever were, newest first.</summary>
    public IReadOnlyList<LedgerChannel> All
    {
        get
        {
            lock (_lock)
                return [.. _channels.Values.OrderByDescending(channel => channel.Place.Block).ThenBy(channel => channel.Channel.Id)];
        }
    }

    /// <summary>What was taken off bills, oldest first: several times for a turn whose meters signed several times.</summary>
    public IReadOnlyList<CountedEnergy> Counted
    {
        get
        {
            lock (_lock)
                return [.. _counted];
        }
    }

    /// <summary>The channel of an id, or null when it was never opened.</summary>
    public LedgerChannel? Find(ChannelId id)
    {
        lock (_lock)
            return _channels.GetValueOrDefault(id);
    }

    /// <summary>Whether an account may close a payee's channels.</summary>
    public bool MayClose(Address payee, Address account)
    {
        lock (_lock)
            return account == payee || _closers.Contains((payee, account));
    }

    /// <summary>Takes a change in; changes come in the order of <see cref="Indexer.ChangesAsync"/>.</summary>
    public void Apply(ChainChange change)
    {
        lock (_lock)
        {
            switch (change)
            {
                case ChainChange.BlockAdded added:
                    foreach (var one in added.Events.Where(one => one.Contract == contract))
                    {
                        _applied.Add((added.Block, one));
                        Apply(added.Block, one);
                    }

                    break;
                case ChainChange.BlocksTakenBack back:
                    TakeBack(back.KeptNumber);
                    break;
                default:
                    throw new ArgumentException($"unknown change {change}", nameof(change));
            }
        }
    }

    private static Coin Coins(UInt128 wei) => Coin.FromWei(wei);

    private void TakeBack(ulong kept)
    {
        if (_applied.RemoveAll(pair => pair.Block.Number > kept) == 0)
            return;
        _channels.Clear();
        _closers.Clear();
        _counted.Clear();
        foreach (var (block, one) in _applied)
            Apply(block, one);
    }

    private void Apply(IndexedBlock block, IndexedEvent record)
    {
        if (!Events.TryDecode(new Log { Address = record.Contract, Topics = record.Topics, Data = record.Data }, out var one))
            return;
        var place = new LedgerPlace(block.Number, record.Transaction, block.Time);
        switch (one)
        {
            case Events.ChannelOpened opened:
                var terms = new ChannelTerms(
                    opened.Payer, opened.Payee, opened.Signer, Price.FromWeiPerKilowattHour(opened.Price), block.Time);
                var channel = new OpenChannel(terms, Coins(opened.Amount), Instant.FromUnixTimeSeconds((long)opened.End));
                _channels[new(opened.Channel)] = new(channel, place, null);
                break;
            case Events.ChannelToppedUp more:
                Change(more.Channel, known => known.Channel with { Locked = Coins(more.Amount) });
                break;
            case Events.ChannelExtended later:
                Change(later.Channel, known => known.Channel with { End = Instant.FromUnixTimeSeconds((long)later.End) });
                break;
            case Events.ChannelClosed closed:
                // The energy is what the two wrote into the voucher: the contract does not look at it.
                var energy = Energy.FromMilliwattHours((long)Math.Min(closed.Energy, long.MaxValue));
                End(closed.Channel, new(Coins(closed.Paid), Coins(closed.Returned), energy, false, place));
                break;
            case Events.ChannelCounted counted:
                Count(new(
                    new(counted.Channel),
                    counted.Turn,
                    new(counted.Source),
                    new(counted.Sink),
                    Energy.FromMilliwattHours((long)Math.Min(counted.Energy, long.MaxValue)),
                    place));
                break;
            case Events.ChannelReclaimed reclaimed:
                End(reclaimed.Channel, new(Coin.Zero, Coins(reclaimed.Returned), Energy.Zero, true, place));
                break;
            case Events.CloserNamed { May: true } named:
                _closers.Add((named.Payee, named.Closer));
                break;
            case Events.CloserNamed named:
                _closers.Remove((named.Payee, named.Closer));
                break;
        }
    }

    private void Change(Hash256 id, Func<LedgerChannel, OpenChannel> change)
    {
        if (_channels.TryGetValue(new(id), out var known))
            _channels[new(id)] = known with { Channel = change(known) };
    }

    private void Count(CountedEnergy one)
    {
        _counted.Add(one);
        if (_channels.TryGetValue(one.Channel, out var known))
            _channels[one.Channel] = known with { Counted = known.Counted + one.Energy };
    }

    private void End(Hash256 id, ChannelEnding ending)
    {
        if (_channels.TryGetValue(new(id), out var known))
            _channels[new(id)] = known with { Ending = ending };
    }
}
