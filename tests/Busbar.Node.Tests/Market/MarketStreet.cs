using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Market;

/// <summary>A real node on whose ledger a store is open: a household that sells from it, one that buys, one that takes part without money.</summary>
public sealed class MarketStreet : IAsyncDisposable
{
    /// <summary>The last boundary that was read: what the seller exported until then is in the store.</summary>
    public const int Last = 98;

    /// <summary>What the seller was credited.</summary>
    public const long Credited = 87300;

    private MarketStreet()
    {
    }

    internal TestMeter Store { get; } = new("store", MeterKind.Storage);

    internal PrivateKey Seller { get; } = Person("seller");

    internal PrivateKey Buyer { get; } = Person("buyer");

    internal PrivateKey Poor { get; } = Person("poor");

    internal TestCommunity Community { get; private set; } = null!;

    internal Address Board => Community.Node.Contracts.Market!.Board;

    /// <summary>The key of one of its households, "seller", "buyer" or "poor"; each call makes another copy.</summary>
    internal static PrivateKey Person(string name) => PrivateKey.FromSeed(Encoding.UTF8.GetBytes($"a household of the market: {name}"));

    /// <summary>Starts it; the buyer has ten coins in the vault, the poor household none there.</summary>
    /// <param name="webRoot">The page's files; null for none.</param>
    internal static async Task<MarketStreet> StartAsync(string? webRoot = null)
    {
        var street = new MarketStreet();
        TestMeter seller = new("house 1") { Holder = street.Seller },
            buyer = new("house 2") { Holder = street.Buyer },
            poor = new("house 3") { Holder = street.Poor };
        var community = street.Community = new(seller, buyer, poor, street.Store) { IsOpen = false };
        try
        {
            await community.OpenAsync(0, options => options with
            {
                WebRoot = webRoot,
                Allotted = new Dictionary<Address, Coin>
                {
                    [community.Keys.Operator.Address] = NodeOptions.TreasuryStock,
                    [street.Buyer.Address] = Coin.FromCoins(100),
                    [street.Poor.Address] = Coin.FromCoins(100),
                },
                Community = options.Community with
                {
                    Microgrids =
                    [
                        new(
                            TestCommunity.Grid,
                            "Lower street",
                            [.. community.Meters.Select(meter => meter.Description with { Produces = ReferenceEquals(meter, seller) })]),
                    ],
                },
            });
            await street.FillAsync();
            await street.DepositAsync(street.Buyer, Coin.FromCoins(10));
        }
        catch
        {
            await community.DisposeAsync();
            throw;
        }

        return street;
    }

    /// <summary>Puts somebody's coins into the vault.</summary>
    internal Task<Hash256> DepositAsync(PrivateKey key, Coin coins) => SendAsync(
        key, new(Community.Node.Contracts.Money!.Vault, Vault.EncodeDeposit((UInt128)coins.Wei)) { Value = coins });

    /// <summary>Sends somebody's transaction to the board and waits until the node's lists have what came of it.</summary>
    internal Task<Hash256> BoardAsync(PrivateKey key, byte[] data) => SendAsync(key, new(Board, data));

    /// <summary>A call of the contract that keeps demands.</summary>
    internal Task<Hash256> DemandsAsync(PrivateKey key, byte[] data) => SendAsync(key, new(Community.Node.Contracts.Market!.Demands, data));

    /// <summary>A call of the contract of payment channels.</summary>
    internal Task<Hash256> ChannelsAsync(PrivateKey key, byte[] data) => SendAsync(key, new(Community.Node.Contracts.Channels!.Value, data));

    /// <summary>Why the board refuses a call, on trial; empty when it does not.</summary>
    internal async Task<string> RefusalAsync(PrivateKey key, byte[] data)
    {
        var preview = await Community.Node.Chain.PreviewAsync(key.Address, new(Board, data), Community.Now, default);
        return preview.Succeeds ? "" : ContractErrors.Describe(preview);
    }

    public async ValueTask DisposeAsync()
    {
        await Community.DisposeAsync();
        Store.Dispose();
    }

    // With a limit of its own, since an estimate would be of the block before and its second.
    private async Task<Hash256> SendAsync(PrivateKey key, ChainCall call)
    {
        var outcome = (await Community.Node.Chain.ExecuteAsync(new(key, [call with { GasLimit = 3_000_000 }]) { Time = Community.Now }, default))[0];
        Assert.True(outcome.Succeeded, outcome.Refusal);
        await Community.Node.FollowedAsync(default);
        return outcome.Hash;
    }

    // The store opens at its meter's first reading; the node itself credits what the seller exports until the last.
    private async Task FillAsync()
    {
        await Community.RunAsync(0, 2);
        var storage = Community.Node.Contracts.Market!.Storage;
        var opening = ProvenReadingForm.ForStorage(await Community.ProofAsync(Store, 0));
        await SendAsync(Community.Keys.Regulator, new(storage, Storage.EncodeOpenStore(1, 300_000_000, opening)));
        await Community.StepAsync(Last - 1, [.. Community.Meters]);
        await Community.StepAsync(Last, [.. Community.Meters]);
        // These meters read and do not deliver: the node waits for none that is away.
        foreach (var meter in Community.Meters)
            await (await Community.ConnectionOfAsync(meter)).DisposeAsync();
    }
}
