using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Node.Tests.Billing;
using Busbar.Node.Tests.Testing;
using Board = Busbar.Ledger.Contracts.Board;

namespace Busbar.Node.Tests.Market;

/// <summary>A <see cref="MarketStreet"/> with those who look at it, shared by the tests of the API.</summary>
public sealed class MarketVillage : IAsyncLifetime
{
    private Task<MarketStreet>? _started;

    internal MarketStreet Street { get; private set; } = null!;

    internal TestCommunity Community => Street.Community;

    internal HttpClient Seller { get; private set; } = null!;

    internal HttpClient Buyer { get; private set; } = null!;

    internal HttpClient Poor { get; private set; } = null!;

    internal HttpClient Auditor { get; private set; } = null!;

    internal HttpClient Nobody { get; private set; } = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        // One that did not start has left nothing, and its tests have told why.
        if (_started is { IsCompletedSuccessfully: true } started)
            await (await started).DisposeAsync();
    }

    /// <summary>Started by the first test that asks, so that a skipped class starts nothing.</summary>
    internal Task<MarketStreet> StreetAsync() => _started ??= BeginAsync();

    /// <summary>Posts an advert of the seller's.</summary>
    /// <returns>Its row.</returns>
    internal async Task<JsonElement> AdvertiseAsync(ulong milliwattHours, UInt128 price)
    {
        var hash = (await Street.BoardAsync(Street.Seller, Board.EncodeAdvertise(1, milliwattHours, price))).ToString();
        return (await BilledVillage.TakeAsync(Seller, "market/adverts?whose=own&limit=200")).GetProperty("items").EnumerateArray()
            .Single(row => row.GetProperty("place").GetProperty("transaction").GetString() == hash);
    }

    /// <summary>Buys of an advert as its row says.</summary>
    /// <returns>The transaction.</returns>
    internal async Task<string> BuyAsync(JsonElement advert, ulong milliwattHours, UInt128 most) =>
        (await Street.BoardAsync(Street.Buyer, Board.EncodeBuy(Words(advert), milliwattHours, most))).ToString();

    /// <summary>The words of a row, as the contract takes them.</summary>
    internal static IReadOnlyList<Hash256> Words(JsonElement row) =>
        [.. row.GetProperty("words").EnumerateArray().Select(word => Hash256.Parse(word.GetString()!))];

    private async Task<MarketStreet> BeginAsync()
    {
        Street = await MarketStreet.StartAsync();
        Seller = (await TestSession.BeginAsync(Community, "seller", Street.Seller.Address)).Client(Community);
        Buyer = (await TestSession.BeginAsync(Community, "buyer", Street.Buyer.Address)).Client(Community);
        Poor = (await TestSession.BeginAsync(Community, "poor", Street.Poor.Address)).Client(Community);
        Auditor = (await TestSession.BeginAsync(Community, "auditor", null, Role.Auditor)).Client(Community);
        Nobody = new() { BaseAddress = new(Community.Node.Page, "/api/v1/"), Timeout = TestConnection.Patience };
        return Street;
    }
}

/// <summary>The tests that share <see cref="MarketVillage"/>.</summary>
[CollectionDefinition(Name)]
public sealed class MarketRoom : ICollectionFixture<MarketVillage>
{
    public const string Name = "market";
}
