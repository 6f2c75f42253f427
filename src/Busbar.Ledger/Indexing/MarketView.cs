using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Trading;
using NodaTime;
using Asked = Busbar.Ledger.Contracts.Demands.Events;
using Posted = Busbar.Ledger.Contracts.Board.Events;
using Stored = Busbar.Ledger.Contracts.Storage.Events;

namespace Busbar.Ledger.Indexing;

/// <summary>
/// Adverts, demands, deliveries and stores, as the events of <c>Board</c>, <c>Demands</c> and <c>Storage</c> say. Safe for concurrent callers.
/// </summary>
public sealed class MarketView
{
    private readonly Lock _lock = new();
    private readonly MarketContracts? _contracts;

    // A chain that goes back is rare: what stands is applied anew then.
    private readonly List<(IndexedBlock Block, IndexedEvent Event)> _applied = [];
    private readonly BoardBook _board = new();
    private readonly StoreBook _stores = new();

    // Many pages ask between two changes, and none of them changes what it is given: one list serves them all.
    private IReadOnlyList<BoardAdvert>? _openAdverts;
    private IReadOnlyList<BoardDemand>? _openDemands;

    /// <summary>A view that knows nothing yet.</summary>
    /// <param name="contracts">Whose events count; null in a community without a market, where the view stays empty.</param>
    public MarketView(MarketContracts? contracts) => _contracts = contracts;

    /// <summary>Whether there is a market.</summary>
    public bool IsThere => _contracts is not null;

    /// <summary>The rules that trades made now begin under; null without a market.</summary>
    public MarketTerms? Terms
    {
        get
        {
            lock (_lock)
                return _board.Terms;
        }
    }

    /// <summary>
    /// The adverts on the board, oldest first: also those whose life is over and whose credit nobody freed yet. The same list until the
    /// market changes.
    /// </summary>
    public IReadOnlyList<BoardAdvert> OpenAdverts
    {
        get
        {
            lock (_lock)
                return _openAdverts ??= _board.OpenAdverts();
        }
    }

    /// <summary>
    /// The demands on the board, oldest first: also those whose time is over and whose money nobody freed yet. The same list until the
    /// market changes.
    /// </summary>
    public IReadOnlyList<BoardDemand> OpenDemands
    {
        get
        {
            lock (_lock)
                return _openDemands ??= _board.OpenDemands();
        }
    }

    /// <summary>The demands that are over and to which offers still stand, whose credit nobody freed yet.</summary>
    public IReadOnlyList<BoardDemand> LeftOffers
    {
        get
        {
            lock (_lock)
                return _board.LeftOffers();
        }
    }

    /// <summary>The deliveries that are under way or in dispute, oldest first.</summary>
    public IReadOnlyList<BoardDelivery> OpenDeliveries
    {
        get
        {
            lock (_lock)
                return _board.OpenDeliveries();
        }
    }

    /// <summary>Every delivery that ever was, oldest first.</summary>
    public IReadOnlyList<BoardDelivery> Deliveries
    {
        get
        {
            lock (_lock)
                return _board.Deliveries();
        }
    }

    /// <summary>Some deliveries, newest first.</summary>
    /// <param name="last">Only those that were opened before this one; null for all.</param>
    /// <param name="party">Whose, as seller or buyer; null for everybody's.</param>
    /// <param name="isOver">Whether they are over; null for both.</param>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<BoardDelivery> DeliveriesBefore(Hash256? last, Address? party, bool? isOver, int most)
    {
        lock (_lock)
        {
            var some = isOver == false ? _board.OpenDeliveriesBefore(last, party) : _board.DeliveriesBefore(last, party);
            return [.. some.Where(one => isOver != true || one.Ended is not null).Take(most)];
        }
    }

    /// <summary>The deliveries that were opened in a span, oldest first.</summary>
    /// <param name="from">Its start, inclusive.</param>
    /// <param name="to">Its end, exclusive.</param>
    public IReadOnlyList<BoardDelivery> DeliveriesOpened(Instant from, Instant to)
    {
        lock (_lock)
            return _board.DeliveriesOpened(from, to);
    }

    /// <summary>What went into the stores, oldest first.</summary>
    public IReadOnlyList<StoreDeposit> Deposits
    {
        get
        {
            lock (_lock)
                return [.. _stores.Deposits];
        }
    }

    /// <summary>The stores, in the order of their microgrids.</summary>
    public IReadOnlyList<StoreLevel> Stores
    {
        get
        {
            lock (_lock)
                return _stores.Levels();
        }
    }

    /// <summary>What sellers have in the stores, in the order of microgrids and accounts.</summary>
    public IReadOnlyList<StoreCredit> Credits
    {
        get
        {
            lock (_lock)
                return _stores.Credits();
        }
    }

    /// <summary>An advert, also one that is over; null when there never was one of that id.</summary>
    public BoardAdvert? Advert(Hash256 id)
    {
        lock (_lock)
            return _board.Advert(id);
    }

    /// <summary>A demand, also one that is over; null when there never was one of that id.</summary>
    public BoardDemand? Demand(Hash256 id)
    {
        lock (_lock)
            return _board.Demand(id);
    }

    /// <summary>A delivery, also one that is over; null when there never was one of that id.</summary>
    public BoardDelivery? Delivery(Hash256 id)
    {
        lock (_lock)
            return _board.Delivery(id);
    }

    /// <summary>What a seller has in a microgrid's store.</summary>
    public StoreCredit Credit(MicrogridId microgrid, Address seller)
    {
        lock (_lock)
            return _stores.Credit(microgrid, seller);
    }

    /// <summary>The meter that counts what an account trades; null when it has none.</summary>
    public TraderMeter? Trader(Address account)
    {
        lock (_lock)
            return _board.Trader(account);
    }

    /// <summary>What an account has bought on the UTC day of an instant: what the next purchase's tax begins at.</summary>
    public Energy BoughtOnDayOf(Address account, Instant instant)
    {
        lock (_lock)
            return _board.BoughtOnDayOf(account, instant);
    }

    /// <summary>Takes a change in; changes come in the order of <see cref="Indexer.ChangesAsync"/>.</summary>
    /// <returns>Whether it had anything of the market in it.</returns>
    internal bool Apply(ChainChange change)
    {
        lock (_lock)
        {
            var isOurs = change switch
            {
                ChainChange.BlockAdded added => Add(added),
                ChainChange.BlocksTakenBack back => TakeBack(back.KeptNumber),
                _ => throw new ArgumentException($"unknown change {change}", nameof(change)),
            };
            if (isOurs)
                (_openAdverts, _openDemands) = (null, null);
            return isOurs;
        }
    }

    private bool Add(ChainChange.BlockAdded added)
    {
        var before = _applied.Count;
        foreach (var one in added.Events.Where(IsOurs))
        {
            _applied.Add((added.Block, one));
            Apply(added.Block, one);
        }

        return _applied.Count > before;
    }

    private bool IsOurs(IndexedEvent one) =>
        _contracts is { } market && (one.Contract == market.Board || one.Contract == market.Demands || one.Contract == market.Storage);

    private void Apply(IndexedBlock block, IndexedEvent one)
    {
        var log = new Log { Address = one.Contract, Topics = one.Topics, Data = one.Data };
        var place = new LedgerPlace(block.Number, one.Transaction, block.Time);
        if (one.Contract == _contracts!.Board)
        {
            if (Posted.TryDecode(log, out var said))
                _board.Apply(said, place, _stores);
        }
        else if (one.Contract == _contracts.Demands)
        {
            if (Asked.TryDecode(log, out var said))
                _board.Apply(said, place, _stores);
        }
        else if (Stored.TryDecode(log, out var said))
        {
            _stores.Apply(said, place);
        }
    }

    private bool TakeBack(ulong kept)
    {
        if (_applied.RemoveAll(pair => pair.Block.Number > kept) == 0)
            return false;
        _board.Clear();
        _stores.Clear();
        foreach (var (block, one) in _applied)
            Apply(block, one);
        return true;
    }
}
