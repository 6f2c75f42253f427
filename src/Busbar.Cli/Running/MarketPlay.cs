using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Node;
using NodaTime;

namespace Busbar.Cli.Running;

/// <summary>
/// The trade of a stepped run: whoever has credit in the store advertises, neighbours buy the cheapest, some ask, some draw their own. All of it
/// through the node's JSON-RPC, as wallets would. The same run gives the same transactions.
/// </summary>
internal sealed class MarketPlay(BusbarNode node, PrivateKey regulator, DateTimeZone zone, MeterId store, IReadOnlyList<Household> households) : IDisposable
{
    private const uint Grid = 1;

    private static readonly Coin Purse = Coin.FromCoins(10);
    private static readonly Energy LeastOnSale = Energy.FromMilliwattHours(100_000);
    private static readonly Energy Wanted = Energy.FromMilliwattHours(80_000);
    private static readonly Energy Drawn = Energy.FromMilliwattHours(50_000);

    // A fifth of what the store may hold at the beginning belongs to nobody.
    private static readonly Energy AtStart = Energy.FromMilliwattHours(2_000_000);

    private readonly WalletLine _line = new(node.Page);

    private MarketContracts Contracts => node.Contracts.Market ?? throw new CommandFailure("the community has no market on its ledger");

    private MarketView View => node.Market;

    /// <summary>Puts money aside for what will be bought.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        var vault = node.Contracts.Money!.Vault;
        foreach (var household in households)
            await SendAsync(household.Key, vault, Vault.EncodeDeposit((UInt128)Purse.Wei), Purse, cancellation);
    }

    /// <summary>What happens at an instant.</summary>
    /// <returns>Whether something was sent to the ledger.</returns>
    public async Task<bool> ActAsync(Instant now, CancellationToken cancellation)
    {
        if (!View.Stores.Any())
            return await OpenStoreAsync(cancellation);
        var time = now.InZone(zone).TimeOfDay;
        return (time.Hour, time.Minute) switch
        {
            (_, 0) => await AdvertiseAsync(time.Hour, cancellation),
            ( < 5 or > 16, 15) => await BuyAsync(now, time.Hour, cancellation),
            (12, 30) => await AskAsync(now, households[8], isFirstCome: false, cancellation),
            (12, 45) => await OfferAsync(households[8], cancellation),
            (13, 30) => await AcceptAsync(households[8], cancellation),
            (19, 30) => await AskAsync(now, households[9], isFirstCome: true, cancellation),
            (19, 45) => await OfferAsync(households[9], cancellation),
            (20, 30) => await WithdrawAsync(cancellation),
            (21, 30) => await DrawAsync(households[5], cancellation),
            _ => false,
        };
    }

    public void Dispose() => _line.Dispose();

    // At the first anchored reading of its meter.
    private async Task<bool> OpenStoreAsync(CancellationToken cancellation)
    {
        await node.SettledAsync();
        if (await node.NewestProofAsync(new(Grid), store, cancellation) is not { Reading: not null } proof)
            return false;
        await SendAsync(
            regulator, Contracts.Storage, Storage.EncodeOpenStore(Grid, (ulong)AtStart.MilliwattHours, ProvenReadingForm.ForStorage(proof)), Coin.Zero, cancellation);
        await node.FollowedAsync(cancellation);
        return true;
    }

    private async Task<bool> AdvertiseAsync(int hour, CancellationToken cancellation)
    {
        var acted = false;
        for (var place = 0; place < households.Count; place++)
        {
            var seller = households[place];
            var free = View.Credit(new(Grid), seller.Key.Address).Free;
            if (free < LeastOnSale || (place + hour) % 2 == 1)
                continue;
            // Whole watt-hours; some ask more than others.
            var energy = (ulong)(free.MilliwattHours / 2_000 * 1_000);
            await BoardAsync(seller, Board.EncodeAdvertise(Grid, energy, PriceOf(place)), cancellation);
            acted = true;
        }

        return acted;
    }

    private async Task<bool> BuyAsync(Instant now, int hour, CancellationToken cancellation)
    {
        var acted = false;
        for (var place = 0; place < households.Count; place++)
        {
            var buyer = households[place];
            if ((place + hour) % 3 != 0 || View.OpenDeliveries.Any(one => one.Terms.Buyer == buyer.Key.Address))
                continue;
            var advert = View.OpenAdverts.Where(one => one.IsLiveAt(now) && one.Terms.Seller != buyer.Key.Address)
                .MinBy(one => (one.Terms.Price.At(now).WeiPerKilowattHour, one.Posted.Block));
            if (advert is null)
                continue;
            var energy = advert.Left <= Wanted ? advert.Left : Wanted;
            var share = advert.Terms.Price.ShareFor(energy, now);
            // The price may rise within the minute, the tax by a slab.
            var most = share + share.TimesFloor(1, 4);
            await BoardAsync(buyer, Board.EncodeBuy(advert.Terms.ToWords(), (ulong)energy.MilliwattHours, (UInt128)most.Wei), cancellation);
            await node.FollowedAsync(cancellation);
            acted = true;
        }

        return acted;
    }

    private async Task<bool> AskAsync(Instant now, Household buyer, bool isFirstCome, CancellationToken cancellation)
    {
        var until = (ulong)(now + Duration.FromHours(2)).ToUnixTimeSeconds();
        await DemandsAsync(buyer, Demands.EncodeDemand(Grid, (ulong)Wanted.MilliwattHours, PriceOf(5), until, isFirstCome), cancellation);
        return true;
    }

    // From the store who has credit there; else the first of all, from what its panels give.
    private async Task<bool> OfferAsync(Household buyer, CancellationToken cancellation)
    {
        if (View.OpenDemands.FirstOrDefault(one => one.Terms.Buyer == buyer.Key.Address) is not { } demand)
            return false;
        var seller = households.FirstOrDefault(one => one != buyer && View.Credit(new(Grid), one.Key.Address).Free >= Wanted);
        await DemandsAsync(seller ?? households[0], Demands.EncodeOfferToSell(demand.Terms.ToWords(), seller is null), cancellation);
        return true;
    }

    private async Task<bool> AcceptAsync(Household buyer, CancellationToken cancellation)
    {
        if (View.OpenDemands.FirstOrDefault(one => one.Terms.Buyer == buyer.Key.Address && one.Offers.Count > 0) is not { } demand)
            return false;
        await DemandsAsync(buyer, Demands.EncodeAccept(demand.Terms.ToWords(), demand.Offers[0].Seller), cancellation);
        return true;
    }

    // Somebody thinks better of it.
    private async Task<bool> WithdrawAsync(CancellationToken cancellation)
    {
        if (View.OpenAdverts.LastOrDefault(one => households.Any(each => each.Key.Address == one.Terms.Seller)) is not { } advert)
            return false;
        var seller = households.First(one => one.Key.Address == advert.Terms.Seller);
        await BoardAsync(seller, Board.EncodeCloseAdvert(advert.Terms.ToWords()), cancellation);
        return true;
    }

    private async Task<bool> DrawAsync(Household owner, CancellationToken cancellation)
    {
        if (View.Credit(new(Grid), owner.Key.Address).Free < Drawn)
            return false;
        await BoardAsync(owner, Board.EncodeDraw(Grid, (ulong)Drawn.MilliwattHours), cancellation);
        return true;
    }

    // From 0.00008 coins a kilowatt-hour on: below what the tariff takes, above what it gives.
    private static UInt128 PriceOf(int place) => 80_000_000_000_000 + ((UInt128)place * 4_000_000_000_000);

    private Task DemandsAsync(Household household, byte[] data, CancellationToken cancellation) =>
        SendAsync(household.Key, Contracts.Demands, data, Coin.Zero, cancellation);

    private Task BoardAsync(Household household, byte[] data, CancellationToken cancellation) =>
        SendAsync(household.Key, Contracts.Board, data, Coin.Zero, cancellation);

    private Task SendAsync(PrivateKey key, Address to, byte[] data, Coin value, CancellationToken cancellation) =>
        _line.SendAsync(key, to, data, value, node.Contracts.ChainId, cancellation);
}
