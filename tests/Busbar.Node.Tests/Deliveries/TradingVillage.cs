using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Trading;
using Busbar.Node.Channels;
using Busbar.Node.Deliveries;
using Busbar.Node.Tests.Supply;
using NodaTime;

namespace Busbar.Node.Tests.Deliveries;

/// <summary>Neighbours with real devices at a real node who trade: each test has its own seller and buyer.</summary>
public sealed class TradingVillage : IAsyncLifetime
{
    private const uint Grid = 1;
    private const ulong Gas = 1_000_000;
    private const ulong Price = 100_000_000_000_000_000;

    private int _count;

    internal SupplyVillage Supply { get; } = new();

    internal BusbarNode Node => Supply.Community.Node;

    internal DeliveryDesk Desk => Node.Parts.Trading!;

    internal PayeeDesk Payees => Node.Parts.Channels!;

    private ContractAddresses Contracts => Node.Contracts;

    public async Task InitializeAsync() => await Supply.StartNodeAsync();

    public Task DisposeAsync() => Supply.DisposeAsync();

    /// <summary>A neighbour whose meter is registered and supplied, with ten coins in the vault.</summary>
    internal async Task<Neighbour> NeighbourAsync(double watts, ParticipantKind kind)
    {
        var device = await Supply.PaidDeviceAsync(watts);
        var key = PrivateKey.FromSeed(System.Text.Encoding.ASCII.GetBytes($"neighbour {++_count}"));
        var premises = Keccak256.Hash(key.Address.ToArray());
        var regulator = Supply.Community.Keys.Regulator;
        await DoAsync(regulator, new(Contracts.Members, Members.EncodeAdmitMany([new(key.Address, (byte)kind, premises)]), Gas));
        await DoAsync(
            regulator,
            new(Contracts.Meters, Meters.EncodeRegisterMany([new(device.Id.Key, (byte)MeterKind.Premises, (byte)Commodity.Electricity, Grid, premises, key.Address, Keccak256.Hash("a device of the tests"u8))]), Gas));
        var coin = Coin.FromCoins(10);
        await DoAsync(
            Supply.Community.Keys.Operator,
            new(Contracts.Money!.Vault, Vault.EncodeDepositFor(key.Address, (UInt128)coin.Wei), Gas) { Value = coin });
        return new(device, key);
    }

    /// <summary>The buyer asks for energy, and the seller has it at once, from their own export.</summary>
    internal async Task<BoardDelivery> TradeAsync(Neighbour seller, Neighbour buyer, long energy)
    {
        await DemandAsync(buyer, energy, isFirstCome: true);
        await OfferAsync(seller, buyer);
        return Node.Market.Deliveries.Last(one => one.Terms.Buyer == buyer.Key.Address);
    }

    /// <summary>The buyer asks for energy, for a day.</summary>
    internal Task DemandAsync(Neighbour buyer, long energy, bool isFirstCome)
    {
        var until = (ulong)(Supply.Now + Duration.FromDays(1)).ToUnixTimeSeconds();
        return DoAsync(buyer.Key, new(Contracts.Market!.Demands, Demands.EncodeDemand(Grid, (ulong)energy, Price, until, isFirstCome), Gas));
    }

    /// <summary>The seller offers their own export to what the buyer asks for.</summary>
    internal Task OfferAsync(Neighbour seller, Neighbour buyer)
    {
        var demand = Node.Market.OpenDemands.Last(one => one.Terms.Buyer == buyer.Key.Address);
        return DoAsync(seller.Key, new(Contracts.Market!.Demands, Demands.EncodeOfferToSell(demand.Terms.ToWords(), true), Gas));
    }

    /// <summary>Waits until nothing that the buyer asked for is on the board, nor an offer to it.</summary>
    internal Task DemandGoneAsync(Neighbour buyer) => SupplyVillage.UntilAsync(
        () => Node.Market.OpenDemands.Concat(Node.Market.LeftOffers).All(one => one.Terms.Buyer != buyer.Key.Address),
        () => $"the board has {string.Join("; ", Node.Market.OpenDemands)}");

    /// <summary>The payer locks a coin for a day, a tenth of one a kWh; their meter's key signs.</summary>
    internal async Task<OpenChannel> OpenChannelAsync(Neighbour payer, Neighbour payee)
    {
        var end = (ulong)(Supply.Now + Duration.FromDays(1)).ToUnixTimeSeconds();
        var amount = (UInt128)Coin.FromCoins(1).Wei;
        var call = Ledger.Contracts.Channels.EncodeOpen(payee.Key.Address, payer.Device.Id.Key, Price, end, amount);
        await DoAsync(payer.Key, new(Contracts.Channels!.Value, call, Gas));
        return Node.Parts.Ledger!.Channels.All.First(one => one.Channel.Terms.Payer == payer.Key.Address).Channel;
    }

    /// <summary>Lets the node close the payee's channels.</summary>
    internal Task NameCloserAsync(Neighbour payee) =>
        DoAsync(payee.Key, new(Contracts.Channels!.Value, Ledger.Contracts.Channels.EncodeNameCloser(Payees.Closer, true), Gas));

    /// <summary>Waits until the ledger says so of a delivery.</summary>
    internal async Task<BoardDelivery> UntilAsync(BoardDelivery delivery, Func<BoardDelivery, bool> holds)
    {
        await SupplyVillage.UntilAsync(() => holds(Find(delivery.Id)), () => $"the ledger has {Find(delivery.Id)}, the desk {Desk.Of(delivery.Id)}");
        return Find(delivery.Id);
    }

    /// <summary>Waits until the desk says so of a delivery.</summary>
    internal async Task<DeliveryStanding> StandsAsync(BoardDelivery delivery, Func<DeliveryStanding, bool> holds)
    {
        await SupplyVillage.UntilAsync(() => Desk.Of(delivery.Id) is { } standing && holds(standing), () => $"the desk has {Desk.Of(delivery.Id)}");
        return Desk.Of(delivery.Id)!;
    }

    internal async Task<Coin> FreeAsync(Neighbour neighbour) => Coin.FromWei((Int128)await Vault.FreeOfAsync(
        Node.Chain.Client, Contracts.Money!.Vault, neighbour.Key.Address, Ethereum.JsonRpc.BlockTag.Latest, default));

    /// <summary>Waits until the meters have forgotten their deliveries, because their reports are safe.</summary>
    internal static Task ForgottenAsync(params Neighbour[] neighbours) => SupplyVillage.UntilAsync(
        () => neighbours.All(one => one.Device.KeptDeliveries == 0),
        () => $"the meters keep {string.Join(", ", neighbours.Select(one => one.Device.KeptDeliveries))} deliveries");

    private BoardDelivery Find(Hash256 id) => Node.Parts.Ledger!.Market.Delivery(id)!;

    private async Task DoAsync(PrivateKey key, ChainCall call)
    {
        var preview = await Node.Chain.PreviewAsync(key.Address, call, null, default);
        Assert.True(preview.Succeeds, preview.Succeeds ? "" : ContractErrors.Describe(preview));
        var outcome = (await Node.Chain.ExecuteAsync(new(key, [call]), default))[0];
        Assert.True(outcome.Succeeded, outcome.Refusal);
        await Node.Parts.Indexer!.CatchUpAsync(default);
        await Node.Parts.Feed!.AppliedAsync(default);
    }
}

/// <summary>What a neighbour may do; the numbers are those of the contract.</summary>
internal enum ParticipantKind
{
    Consumer = 1,
    Prosumer = 3,
}

/// <summary>Someone who trades.</summary>
internal sealed record Neighbour(SupplyDevice Device, PrivateKey Key);
