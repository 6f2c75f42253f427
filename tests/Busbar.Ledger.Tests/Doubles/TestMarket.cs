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
        var source = Report(Sign(delivery.Terms, EnergyFlow.Export, sent));
        var sink = Report(Sign(delivery.Terms, EnergyFlow.Import, arrived));
        var settlement = new Board.Settlement(delivery.Terms.ToWords(), 0, true, source, sink);
        return BoardAsync(TestCommunity.Operator, Board.EncodeSettle([settlement]), delivery.Terms.Opened + Duration.FromMinutes(11));

        static Board.SpanReport Report(SignedSpan signed) => new(signed.Report.Word, signed.R, signed.Vs);
    }

    /// <summary>What one of the two meters signs that counts from zero, for ten minutes.</summary>
    public SignedSpan Sign(DeliveryTerms terms, EnergyFlow flow, long energy)
    {
        var key = Community.Meters[flow == EnergyFlow.Export ? 0 : 1];
        var span = new SpanReport(
            terms.Id(),
            new(key.Address),
            flow,
            terms.Opened,
            terms.Opened + Duration.FromMinutes(10),
            MeterRegister.FromMilliwattHours(0),
            MeterRegister.FromMilliwattHours(energy));
        return SignedSpan.Sign(span, Contracts.SigningDomain, key);
    }

    /// <summary>The buyer opens a channel to the seller for a day, with a coin in it.</summary>
    public async Task<LedgerChannel> OpenChannelAsync(Instant time)
    {
        var end = (ulong)(time + Duration.FromDays(1)).ToUnixTimeSeconds();
        var data = Channels.EncodeOpen(Seller.Address, Buyer.Address, 100_000_000_000_000_000, end, (UInt128)Coin.FromCoins(1).Wei);
        await DoAsync(Buyer, Contracts.Channels!.Value, data, time);
        return (await ViewAsync()).Channels.All[0];
    }

    /// <summary>A turn of so much at most, which begins with its channel.</summary>
    public ChannelTurn Turn(LedgerChannel channel, long energy, long before = 0) => new(
        channel.Channel.Terms,
        TestCommunity.Microgrid,
        SellerMeter,
        BuyerMeter,
        Energy.FromMilliwattHours(energy),
        Energy.FromMilliwattHours(before),
        channel.Channel.Terms.Opened,
        channel.Channel.Terms.Opened + Duration.FromHours(1),
        LossShare: 200);

    /// <summary>Somebody brings what the meters signed of a turn.</summary>
    /// <returns>Why the contract would not take it; null when it was taken.</returns>
    public async Task<string?> CountAsync(ChannelTurn turn, long sent, long arrived)
    {
        var call = turn.CountCall(
            Contracts.Channels!.Value, Sign(turn.Terms, EnergyFlow.Export, sent), Sign(turn.Terms, EnergyFlow.Import, arrived));
        var time = turn.Opened + Duration.FromMinutes(11);
        var preview = await Community.Chain.PreviewAsync(TestEngine.Key.Address, call, time, default);
        if (!preview.Succeeds)
            return ContractErrors.Describe(preview);
        await DoAsync(TestEngine.Key, call, time);
        return null;
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
