using Busbar.Cryptography;
using Busbar.Domain.Channels;
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
public sealed record LedgerChannel(OpenChannel Channel, LedgerPlace Place, ChannelEnding? Ending);

/// <summary>Every channel, and who may close for whom, as the events of <c>Channels</c> say. Safe for concurrent callers.</summary>
/// <param name="contract">Whose events count; null in a community without channels, where the view stays empty.</param>
public sealed class ChannelsView(Address? contract)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ChannelId, LedgerChannel> _channels = [];
    private readonly HashSet<(Address Payee, Address Closer)> _closers = [];

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

    private void End(Hash256 id, ChannelEnding ending)
    {
        if (_channels.TryGetValue(new(id), out var known))
            _channels[new(id)] = known with { Ending = ending };
    }
}
