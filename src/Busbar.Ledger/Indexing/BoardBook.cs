using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Ethereum.Abi;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Trading;
using NodaTime;
using Asked = Busbar.Ledger.Contracts.Demands.Events;
using Posted = Busbar.Ledger.Contracts.Board.Events;

namespace Busbar.Ledger.Indexing;

/// <summary>What is on the board, and what came of it. Not safe for concurrent callers: its view is.</summary>
internal sealed class BoardBook
{
    private readonly Dictionary<Hash256, BoardAdvert> _adverts = [];
    private readonly Dictionary<Hash256, BoardDemand> _demands = [];
    private readonly Dictionary<Hash256, BoardDelivery> _deliveries = [];
    private readonly Dictionary<Address, TraderMeter> _traders = [];
    private readonly Dictionary<Address, (long Day, Energy Bought)> _bought = [];
    private readonly OpenList _openAdverts = new();
    private readonly OpenList _openDemands = new();
    private readonly OpenList _openDeliveries = new();
    private readonly List<Hash256> _order = [];
    private readonly Dictionary<Hash256, int> _places = [];
    private readonly Dictionary<Address, List<int>> _ofParty = [];

    // Demands that are over and to which offers still stand.
    private readonly OpenList _withOffers = new();

    public MarketTerms? Terms { get; private set; }

    public IReadOnlyList<BoardAdvert> OpenAdverts() => [.. _openAdverts.Ids.Select(id => _adverts[id])];

    public IReadOnlyList<BoardDemand> OpenDemands() => [.. _openDemands.Ids.Select(id => _demands[id])];

    public IReadOnlyList<BoardDelivery> OpenDeliveries() => [.. _openDeliveries.Ids.Select(id => _deliveries[id])];

    public IReadOnlyList<BoardDemand> LeftOffers() => [.. _withOffers.Ids.Select(id => _demands[id])];

    public IReadOnlyList<BoardDelivery> Deliveries() => [.. _order.Select(id => _deliveries[id])];

    /// <summary>Deliveries newest first, from the one that came before a given one; of a party those in which it sells or buys.</summary>
    public IEnumerable<BoardDelivery> DeliveriesBefore(Hash256? last, Address? party)
    {
        var before = last is { } id ? _places.GetValueOrDefault(id, 0) : _order.Count;
        if (party is not { } account)
            return Enumerable.Range(0, before).Select(back => At(before - 1 - back));
        var own = _ofParty.GetValueOrDefault(account) ?? [];
        var found = own.BinarySearch(before);
        var count = found < 0 ? ~found : found;
        return Enumerable.Range(0, count).Select(back => At(own[count - 1 - back]));
    }

    /// <summary>Of those, the ones that are not over: however many ever were.</summary>
    public IEnumerable<BoardDelivery> OpenDeliveriesBefore(Hash256? last, Address? party)
    {
        var before = last is { } id ? _places.GetValueOrDefault(id, 0) : _order.Count;
        return _openDeliveries.Ids.Reverse().Where(one => _places[one] < before).Select(one => _deliveries[one])
            .Where(one => party is not { } account || one.Terms.Seller == account || one.Terms.Buyer == account);
    }

    /// <summary>Deliveries that were opened in a span, oldest first.</summary>
    public IReadOnlyList<BoardDelivery> DeliveriesOpened(Instant from, Instant to)
    {
        var deliveries = new List<BoardDelivery>();
        for (var place = FirstFrom(from); place < _order.Count && At(place) is var delivery && delivery.Opened.Time < to; place++)
            deliveries.Add(delivery);
        return deliveries;
    }

    public BoardAdvert? Advert(Hash256 id) => _adverts.GetValueOrDefault(id);

    public BoardDemand? Demand(Hash256 id) => _demands.GetValueOrDefault(id);

    public BoardDelivery? Delivery(Hash256 id) => _deliveries.GetValueOrDefault(id);

    public TraderMeter? Trader(Address account) => _traders.GetValueOrDefault(account);

    public Energy BoughtOnDayOf(Address account, Instant instant) =>
        _bought.TryGetValue(account, out var bought) && bought.Day == DayOf(instant) ? bought.Bought : Energy.Zero;

    public void Clear()
    {
        Terms = null;
        _adverts.Clear();
        _demands.Clear();
        _deliveries.Clear();
        _traders.Clear();
        _bought.Clear();
        _openAdverts.Clear();
        _openDemands.Clear();
        _openDeliveries.Clear();
        _withOffers.Clear();
        _order.Clear();
        _places.Clear();
        _ofParty.Clear();
    }

    public void Apply(IContractEvent said, LedgerPlace place, StoreBook stores)
    {
        switch (said)
        {
            case Posted.RulesTakenOver rules:
                Terms = Read(rules);
                break;
            case Posted.TraderMeterSet trader:
                _traders[trader.Account] = new(trader.Account, trader.Meter.IsZero ? null : new(trader.Meter), new(trader.Microgrid));
                break;
            case Posted.AdvertPosted posted:
                var advert = AdvertTerms.Read(posted.Advert);
                _adverts[posted.Id] = new(posted.Id, advert, advert.Energy, place, null);
                _openAdverts.Add(posted.Id);
                stores.Commit(advert.Microgrid, advert.Seller, advert.Energy);
                break;
            case Posted.AdvertClosed closed when Advert(closed.Id) is { } known:
                stores.Commit(known.Terms.Microgrid, known.Terms.Seller, -known.Left);
                CloseAdvert(known with { Left = Energy.Zero }, place);
                break;
            case Asked.DemandPosted posted:
                _demands[posted.Id] = new(posted.Id, DemandTerms.Read(posted.Demand), [], place, null, null);
                _openDemands.Add(posted.Id);
                break;
            case Asked.DemandClosed closed when Demand(closed.Id) is { } known:
                CloseDemand(known, null, place);
                break;
            case Asked.DemandTaken taken when Demand(taken.Id) is { } known:
                CloseDemand(known with { Offers = Without(known, taken.Seller) }, taken.Delivery, place);
                break;
            case Asked.OfferMade made when Demand(made.Demand) is { } known:
                if (made.Stored)
                    stores.Commit(known.Terms.Microgrid, made.Seller, known.Terms.Energy);
                _demands[known.Id] = known with { Offers = [.. known.Offers, new(made.Seller, made.Stored, place)] };
                break;
            case Asked.OfferWithdrawn withdrawn when Demand(withdrawn.Demand) is { } known:
                if (known.Offers.FirstOrDefault(offer => offer.Seller == withdrawn.Seller) is { IsStored: true })
                    stores.Commit(known.Terms.Microgrid, withdrawn.Seller, -known.Terms.Energy);
                var rest = Without(known, withdrawn.Seller);
                _demands[known.Id] = known with { Offers = rest };
                if (rest.Count == 0)
                    _withOffers.Remove(known.Id);
                break;
            default:
                ApplyDelivery(said, place, stores);
                break;
        }
    }

    private void ApplyDelivery(IContractEvent said, LedgerPlace place, StoreBook stores)
    {
        switch (said)
        {
            case Posted.DeliveryOpened opened:
                Open(opened.Id, DeliveryTerms.Read(opened.Delivery), place, stores);
                break;
            case Posted.DeliveryDisputed disputed when Delivery(disputed.Id) is { } known:
                _deliveries[known.Id] = known with { Dispute = new(MilliwattHours(disputed.Claimed), LedgerTime.Of(disputed.Until)) };
                break;
            case Posted.DeliverySettled settled when Delivery(settled.Id) is { } known:
                Settle(known, settled, place, stores);
                break;
            case Posted.DisputeDecided decided when Delivery(decided.Id) is { Dispute: { } dispute } known:
                Decide(known, dispute, MilliwattHours(decided.Delivered), place, stores);
                break;
            case Posted.DeliveryExpired expired when Delivery(expired.Id) is { } known:
                Free(known, known.Terms.Energy - known.Delivered, stores);
                End(known with { Stage = DeliveryStage.Expired, Ended = place });
                break;
        }
    }

    private void Open(Hash256 id, DeliveryTerms terms, LedgerPlace place, StoreBook stores)
    {
        _deliveries[id] = new(id, terms, DeliveryStage.UnderWay, Energy.Zero, Coin.Zero, Coin.Zero, null, place, null);
        _openDeliveries.Add(id);
        Record(id, terms);
        if (terms.IsDraw)
        {
            stores.Commit(terms.Microgrid, terms.Seller, terms.Energy);
            return;
        }

        _bought[terms.Buyer] = (DayOf(place.Time), BoughtOnDayOf(terms.Buyer, place.Time) + terms.Energy);
        if (Advert(terms.Origin) is not { } advert)
            return;
        var left = advert.Left - terms.Energy;
        if (left == Energy.Zero)
            CloseAdvert(advert with { Left = left }, place);
        else
            _adverts[advert.Id] = advert with { Left = left };
    }

    private void Record(Hash256 id, DeliveryTerms terms)
    {
        var place = _places[id] = _order.Count;
        _order.Add(id);
        foreach (var party in terms.Seller == terms.Buyer ? [terms.Seller] : new[] { terms.Seller, terms.Buyer })
        {
            if (!_ofParty.TryGetValue(party, out var own))
                own = _ofParty[party] = [];
            own.Add(place);
        }
    }

    private BoardDelivery At(int place) => _deliveries[_order[place]];

    // Blocks come in the order of their times, and so do deliveries.
    private int FirstFrom(Instant from)
    {
        var (low, high) = (0, _order.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).Opened.Time < from)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Settle(BoardDelivery known, Posted.DeliverySettled settled, LedgerPlace place, StoreBook stores)
    {
        var delivered = MilliwattHours(settled.Delivered);
        if (known.Terms.IsStored)
            stores.Deliver(known.Terms.Microgrid, known.Terms.Seller, delivered - known.Delivered);
        var next = known with
        {
            Delivered = delivered,
            PaidShare = known.PaidShare + Coin.FromWei((Int128)settled.Share),
            PaidTax = known.PaidTax + Coin.FromWei((Int128)settled.Tax),
        };
        if (!settled.Last)
        {
            _deliveries[known.Id] = next;
            return;
        }

        Free(next, known.Terms.Energy - (known.Dispute?.Claimed ?? delivered), stores);
        if (known.Dispute is null)
            End(next with { Stage = DeliveryStage.Settled, Ended = place });
        else
            _deliveries[known.Id] = next with { Stage = DeliveryStage.Disputed };
    }

    private void Decide(BoardDelivery known, DeliveryDispute dispute, Energy delivered, LedgerPlace place, StoreBook stores)
    {
        if (known.Terms.IsStored)
            stores.Deliver(known.Terms.Microgrid, known.Terms.Seller, delivered - known.Delivered);
        Free(known, dispute.Claimed - delivered, stores);
        var (share, tax) = known.Terms.DueFor(delivered);
        End(known with { Stage = DeliveryStage.Settled, Delivered = delivered, PaidShare = share, PaidTax = tax, Ended = place });
    }

    private void End(BoardDelivery ended)
    {
        _deliveries[ended.Id] = ended;
        _openDeliveries.Remove(ended.Id);
    }

    private void CloseAdvert(BoardAdvert advert, LedgerPlace place)
    {
        _adverts[advert.Id] = advert with { Closed = place };
        _openAdverts.Remove(advert.Id);
    }

    private void CloseDemand(BoardDemand demand, Hash256? delivery, LedgerPlace place)
    {
        _demands[demand.Id] = demand with { Delivery = delivery, Closed = place };
        _openDemands.Remove(demand.Id);
        if (demand.Offers.Count > 0)
            _withOffers.Add(demand.Id);
    }

    private static void Free(BoardDelivery delivery, Energy energy, StoreBook stores)
    {
        if (delivery.Terms.IsStored && energy != Energy.Zero)
            stores.Commit(delivery.Terms.Microgrid, delivery.Terms.Seller, -energy);
    }

    private static IReadOnlyList<BoardOffer> Without(BoardDemand demand, Address seller) =>
        [.. demand.Offers.Where(offer => offer.Seller != seller)];

    private static MarketTerms Read(Posted.RulesTakenOver rules) => new(
        new TaxTable(
            MilliwattHours(rules.Purchase.FirstEnergy),
            MilliwattHours(rules.Purchase.SecondEnergy),
            rules.Purchase.FirstShare,
            rules.Purchase.SecondShare,
            rules.Purchase.ThirdShare),
        rules.Purchase.Loss,
        Duration.FromSeconds(rules.Purchase.DeliverySeconds),
        Duration.FromSeconds(rules.Purchase.SettlementSeconds),
        Price.FromWeiPerKilowattHour((UInt128)rules.Posting.Ceiling),
        rules.Posting.Step,
        Duration.FromSeconds(rules.Posting.Life));

    private static long DayOf(Instant instant) => instant.ToUnixTimeSeconds() / NodaConstants.SecondsPerDay;

    private static Energy MilliwattHours(ulong value) => Energy.FromMilliwattHours((long)value);

    // What is open, in the order in which it came; taking one out does not walk the others.
    private sealed class OpenList
    {
        private readonly LinkedList<Hash256> _ids = [];
        private readonly Dictionary<Hash256, LinkedListNode<Hash256>> _nodes = [];

        public IEnumerable<Hash256> Ids => _ids;

        public void Add(Hash256 id)
        {
            Remove(id);
            _nodes[id] = _ids.AddLast(id);
        }

        public void Remove(Hash256 id)
        {
            if (_nodes.Remove(id, out var node))
                _ids.Remove(node);
        }

        public void Clear()
        {
            _ids.Clear();
            _nodes.Clear();
        }
    }
}
