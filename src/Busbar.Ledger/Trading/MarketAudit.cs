using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;

namespace Busbar.Ledger.Trading;

/// <summary>What trade came to, and everything in which its parts do not agree.</summary>
/// <param name="Trades">Purchases, whatever came of them; what members drew of their own is not among them.</param>
/// <param name="Draws">Deliveries of members' own energy.</param>
/// <param name="Open">Deliveries that are not over.</param>
/// <param name="Disputed">Of these, in dispute.</param>
/// <param name="Expired">Deliveries that nobody settled.</param>
/// <param name="Bought">What the trades were for.</param>
/// <param name="Delivered">What of it arrived.</param>
/// <param name="Drawn">What arrived of members' own.</param>
/// <param name="PaidShares">To sellers.</param>
/// <param name="PaidTaxes">Of tax.</param>
/// <param name="Refunded">Back to buyers, for what did not arrive.</param>
/// <param name="Locked">For deliveries, disputes and demands that are open.</param>
/// <param name="Deposited">What sellers put into the stores.</param>
/// <param name="Credited">Of it, less the loss.</param>
/// <param name="Credit">What sellers have in the stores.</param>
/// <param name="Committed">Of it, on sale or sold and not delivered.</param>
/// <param name="Faults">Empty when one wei and one milliwatt-hour agree everywhere.</param>
public sealed record MarketTotals(
    int Trades,
    int Draws,
    int Open,
    int Disputed,
    int Expired,
    Energy Bought,
    Energy Delivered,
    Energy Drawn,
    Coin PaidShares,
    Coin PaidTaxes,
    Coin Refunded,
    Coin Locked,
    Energy Deposited,
    Energy Credited,
    Energy Credit,
    Energy Committed,
    IReadOnlyList<BooksFault> Faults);

/// <summary>Holds trade against the vault, the stores and the meters' registers.</summary>
public sealed class MarketAudit
{
    private readonly LedgerView _view;
    private readonly ContractAddresses _contracts;
    private readonly MarketContracts _market;
    private readonly EthereumClient _client;
    private readonly List<BooksFault> _faults = [];

    private MarketAudit(LedgerView view, ContractAddresses contracts, MarketContracts market, EthereumClient client) =>
        (_view, _contracts, _market, _client) = (view, contracts, market, client);

    /// <summary>Audits a community's trade as a view and the chain beside it have it; null in a community without a market.</summary>
    /// <param name="view">What the events say.</param>
    /// <param name="contracts">Whose.</param>
    /// <param name="client">The chain, at the block that the view has.</param>
    /// <param name="registers">The newest registers of a meter; null when none are known.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<MarketTotals?> AuditAsync(
        LedgerView view,
        ContractAddresses contracts,
        EthereumClient client,
        Func<MeterId, CancellationToken, Task<Registers?>> registers,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(contracts);
        return contracts.Market is { } market ? await new MarketAudit(view, contracts, market, client).AuditAsync(registers, cancellation) : null;
    }

    private async Task<MarketTotals> AuditAsync(Func<MeterId, CancellationToken, Task<Registers?>> registers, CancellationToken cancellation)
    {
        var deliveries = _view.Market.Deliveries;
        var trades = deliveries.Where(one => !one.Terms.IsDraw).ToArray();
        foreach (var delivery in deliveries)
            CheckPaid(delivery);
        var locked = CheckLocked(deliveries);
        var paidTaxes = Sum(deliveries, one => one.PaidTax);
        await CheckTaxesAsync(paidTaxes, cancellation);
        await CheckStoresAsync(deliveries, cancellation);
        await CheckMetersAsync(deliveries, registers, cancellation);
        var credits = _view.Market.Credits;
        return new(
            trades.Length,
            deliveries.Count - trades.Length,
            deliveries.Count(one => one.Ended is null),
            deliveries.Count(one => one.Stage == DeliveryStage.Disputed),
            deliveries.Count(one => one.Stage == DeliveryStage.Expired),
            Sum(trades, one => one.Terms.Energy),
            Sum(trades, one => one.Delivered),
            Sum(deliveries.Where(one => one.Terms.IsDraw), one => one.Delivered),
            Sum(deliveries, one => one.PaidShare),
            paidTaxes,
            Sum(deliveries, one => one.Refunded),
            locked,
            Sum(_view.Market.Deposits, one => one.Energy),
            Sum(_view.Market.Deposits, one => one.Credited),
            Sum(credits, one => one.Free + one.Committed),
            Sum(credits, one => one.Committed),
            _faults);
    }

    // Paid is what was delivered of the whole, to the wei; never more than was bought.
    private void CheckPaid(BoardDelivery delivery)
    {
        var (share, tax) = delivery.Terms.DueFor(delivery.Delivered);
        if (delivery.Delivered > delivery.Terms.Energy)
            Fault(delivery.Id, $"{delivery.Delivered} delivered of {delivery.Terms.Energy}");
        if ((share, tax) != (delivery.PaidShare, delivery.PaidTax))
            Fault(delivery.Id, $"{delivery.PaidShare} and {delivery.PaidTax} paid; {share} and {tax} are due for {delivery.Delivered}");
    }

    private Coin CheckLocked(IReadOnlyList<BoardDelivery> deliveries)
    {
        var sum = Coin.Zero;
        foreach (var delivery in deliveries.Where(one => one.Stage != DeliveryStage.Disputed))
        {
            var rest = delivery.Ended is null ? delivery.Terms.Share + delivery.Terms.Tax - delivery.PaidShare - delivery.PaidTax : Coin.Zero;
            sum += CheckLock(delivery.Terms.Buyer, delivery.Id, rest);
        }

        foreach (var delivery in deliveries.Where(one => one.Stage == DeliveryStage.Disputed))
        {
            var (share, tax) = delivery.Terms.DueFor(delivery.Dispute!.Claimed);
            sum += share + tax - delivery.PaidShare - delivery.PaidTax;
        }

        foreach (var demand in _view.Market.OpenDemands)
            sum += CheckLock(demand.Terms.Buyer, demand.Id, demand.Terms.Locked);
        var modules = _market.LockingMoney.ToHashSet();
        var held = Sum(_view.Money.Vault.Locks.Where(one => modules.Contains(one.Module)), one => one.Amount);
        if (held != sum)
            Fault(default, $"the vault locks {held} for the market, which has open business of {sum}");
        return sum;
    }

    private Coin CheckLock(Address account, Hash256 purpose, Coin needed)
    {
        var held = _market.LockingMoney.Aggregate(Coin.Zero, (sum, module) => sum + _view.Money.Vault.LockedFor(module, account, purpose));
        if (held != needed)
            Fault(purpose, $"{held} are locked for it, not {needed}");
        return needed;
    }

    private async Task CheckTaxesAsync(Coin paid, CancellationToken cancellation)
    {
        var free = Coin.FromWei((Int128)await Vault.FreeOfAsync(_client, _contracts.Money!.Vault, _market.Taxes, BlockTag.Latest, cancellation));
        // What was claimed is gone from there.
        if (free > paid)
            Fault(default, $"the taxes' account has {free}, of {paid} that were paid");
    }

    private async Task CheckStoresAsync(IReadOnlyList<BoardDelivery> deliveries, CancellationToken cancellation)
    {
        foreach (var store in _view.Market.Stores)
        {
            var credited = Sum(_view.Market.Deposits.Where(one => one.Microgrid == store.Microgrid), one => one.Credited);
            var gone = Sum(deliveries.Where(one => one.Terms.IsStored && one.Terms.Microgrid == store.Microgrid), one => one.Delivered);
            var credit = Sum(_view.Market.Credits.Where(one => one.Microgrid == store.Microgrid), one => one.Free + one.Committed);
            if (credited - gone != credit)
                Fault(default, $"store {store.Microgrid}: {credited} credited less {gone} delivered is not the {credit} that sellers have");
            var outstanding = await Storage.OutstandingOfAsync(_client, _market.Storage, store.Microgrid.Number, BlockTag.Latest, cancellation);
            if ((long)outstanding != credit.MilliwattHours)
                Fault(default, $"store {store.Microgrid}: the contract counts {outstanding} mWh outstanding, sellers have {credit}");
        }
    }

    // Each part of a register was traded once, and no more of it than the meter has counted.
    private async Task CheckMetersAsync(
        IReadOnlyList<BoardDelivery> deliveries, Func<MeterId, CancellationToken, Task<Registers?>> registers, CancellationToken cancellation)
    {
        var counted = _view.Channels.Counted;
        var meters = deliveries.SelectMany(one => new[] { one.Terms.Source, one.Terms.Sink })
            .Concat(counted.SelectMany(one => new[] { one.Source, one.Sink }));
        foreach (var meter in meters.Distinct())
        {
            var bought = Sum(deliveries.Where(one => one.Terms.Sink == meter), one => one.Delivered)
                + Sum(counted.Where(one => one.Sink == meter), one => one.Energy);
            var use = await Storage.UseOfAsync(_client, _market.Storage, meter.Key, BlockTag.Latest, cancellation);
            // A meter that moved counts from nothing there.
            if (!use.HasLeft && (long)use.Bought != bought.MilliwattHours)
                Fault(default, $"meter {meter}: {bought} arrived there, the ledger counts {use.Bought} mWh");
            if (await registers(meter, cancellation) is not { } newest)
                continue;
            if ((long)use.Imported > newest.Import.MilliwattHours || (long)use.Exported > newest.Export.MilliwattHours)
                Fault(default, $"meter {meter}: its registers are used up to {use.Imported} and {use.Exported} mWh, and stand at {newest}");
        }
    }

    private void Fault(Hash256 what, string detail) => _faults.Add(new(what.IsZero ? "market" : $"delivery {what}", detail));

    private static Energy Sum<T>(IEnumerable<T> some, Func<T, Energy> of) => some.Aggregate(Energy.Zero, (sum, one) => sum + of(one));

    private static Coin Sum<T>(IEnumerable<T> some, Func<T, Coin> of) => some.Aggregate(Coin.Zero, (sum, one) => sum + of(one));
}
