using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Trading;
using NodaTime;

namespace Busbar.Ledger.Tests.Doubles;

/// <summary>A community on a real engine whose first two meters are a seller's and a buyer's, who has money.</summary>
internal sealed class TestMarket : IAsyncDisposable
{
    private TestMarket(TestCommunity community) => Community = community;

    public TestCommunity Community { get; }

    public PrivateKey Seller { get; } = TestEngine.NewKey("seller");

    public PrivateKey Buyer { get; } = TestEngine.NewKey("buyer");

    public MeterId SellerMeter => new(Community.Meters[0].Address);

    public MeterId BuyerMeter => new(Community.Meters[1].Address);

    public ContractAddresses Contracts => Community.Contracts;

    public EthereumClient Client => Community.Chain.Client;

    public static async Task<TestMarket> StartAsync(Instant time)
    {
        var rich = new Dictionary<Address, Coin> { [TestEngine.Key.Address] = Coin.FromCoins(100) };
        var market = new TestMarket(await TestCommunity.StartAsync(change: options => options with { Allotted = rich }));
        var (home, other) = (Keccak256.Hash([1]), Keccak256.Hash([2]));
        var regulator = TestCommunity.Regulators[0];
        await market.DoAsync(
            regulator, market.Contracts.Members, Members.EncodeAdmitMany([new(market.Seller.Address, 3, home), new(market.Buyer.Address, 1, other)]), time);
        await market.DoAsync(regulator, market.Contracts.Meters, Meters.EncodeMove(market.SellerMeter.Key, 1, home, market.Seller.Address), time);
        await market.DoAsync(regulator, market.Contracts.Meters, Meters.EncodeMove(market.BuyerMeter.Key, 1, other, market.Buyer.Address), time);
        var coin = Coin.FromCoins(10);
        var deposit = new ChainCall(market.Contracts.Money!.Vault, Vault.EncodeDepositFor(market.Buyer.Address, (UInt128)coin.Wei), 200_000)
        {
            Value = coin,
        };
        await market.DoAsync(TestEngine.Key, deposit, time);
        return market;
    }

    public Task DemandAsync(ulong energy, bool isFirstCome, Instant time) => DemandsAsync(
        Buyer,
        Demands.EncodeDemand(1, energy, 100_000_000_000_000_000, (ulong)(time + Duration.FromDays(1)).ToUnixTimeSeconds(), isFirstCome),
        time);

    public Task BoardAsync(PrivateKey key, byte[] data, Instant time) => DoAsync(key, Contracts.Market!.Board, data, time);

    public Task DemandsAsync(PrivateKey key, byte[] data, Instant time) => DoAsync(key, Contracts.Market!.Demands, data, time);

    /// <summary>Both meters count from zero, sign it, and the operator settles.</summary>
    public Task SettleAsync(BoardDelivery delivery, long sent, long arrived)
    {
        var report = (PrivateKey key, EnergyFlow flow, long energy) =>
        {
            var span = new SpanReport(
                delivery.Id,
                new(key.Address),
                flow,
                delivery.Terms.Opened,
                delivery.Terms.Opened + Duration.FromMinutes(10),
                MeterRegister.FromMilliwattHours(0),
                MeterRegister.FromMilliwattHours(energy));
            var signature = key.Sign(span.Digest(Contracts.SigningDomain));
            var signed = new SignedSpan(span, signature);
            return new Board.SpanReport(span.Word, signed.R, signed.Vs);
        };
        var source = report(Community.Meters[0], EnergyFlow.Export, sent);
        var sink = report(Community.Meters[1], EnergyFlow.Import, arrived);
        var settlement = new Board.Settlement(delivery.Terms.ToWords(), 0, true, source, sink);
        return BoardAsync(TestCommunity.Operator, Board.EncodeSettle([settlement]), delivery.Terms.Opened + Duration.FromMinutes(11));
    }

    public Task<Coin> LockedAsync(Hash256 delivery) => LockedAsync(Contracts.Market!.Board, delivery);

    public Task<Coin> LockedForDemandAsync(Hash256 demand) => LockedAsync(Contracts.Market!.Demands, demand);

    public async Task<Coin> FreeAsync(Address account) =>
        Coin.FromWei((Int128)await Vault.FreeOfAsync(Client, Contracts.Money!.Vault, account, BlockTag.Latest, default));

    public async Task<LedgerView> ViewAsync()
    {
        await Community.Indexer.CatchUpAsync(default);
        return await Community.ViewAsync();
    }

    public ValueTask DisposeAsync() => Community.DisposeAsync();

    private async Task<Coin> LockedAsync(Address module, Hash256 purpose) => Coin.FromWei((Int128)await Vault.LockedForAsync(
        Client, Contracts.Money!.Vault, module, Buyer.Address, purpose, BlockTag.Latest, default));

    private Task DoAsync(PrivateKey key, Address contract, byte[] data, Instant time) => DoAsync(key, new(contract, data, 3_000_000), time);

    private async Task DoAsync(PrivateKey key, ChainCall call, Instant time)
    {
        var outcome = (await Community.Chain.ExecuteAsync(new(key, [call]) { Time = time }, default))[0];
        Assert.True(outcome.Succeeded, outcome.Refusal);
    }
}
