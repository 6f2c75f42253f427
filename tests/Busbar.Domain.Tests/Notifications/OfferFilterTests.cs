using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Tests.Notifications;

public sealed class OfferFilterTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 6, 30);
    private static readonly Address Neighbour = new(Keccak256.Hash("neighbour"u8).ToArray().AsSpan(0, 20));
    private static readonly Address Self = new(Keccak256.Hash("self"u8).ToArray().AsSpan(0, 20));

    [Theory]
    [InlineData(100, null, 0, 0, true, true)]
    [InlineData(99, null, 0, 0, false, true)]
    [InlineData(null, 100, 0, 0, true, true)]
    [InlineData(null, 101, 0, 0, true, false)]
    [InlineData(null, null, 5_000, 0, true, true)]
    [InlineData(null, null, 5_001, 0, false, false)]
    [InlineData(null, null, 0, 2, true, true)]
    [InlineData(null, null, 0, 3, false, false)]
    public void LetsThrough_PriceAmountPlace(int? highest, int? lowest, long least, int microgrid, bool advert, bool demand)
    {
        var filter = new OfferFilter
        {
            HighestPrice = highest is { } most ? PriceOf(most) : null,
            LowestPrice = lowest is { } some ? PriceOf(some) : null,
            LeastEnergy = Energy.FromMilliwattHours(least),
            Microgrids = microgrid == 0 ? new HashSet<MicrogridId>() : new HashSet<MicrogridId> { new((uint)microgrid) },
        };

        Assert.Equal((advert, demand), (filter.LetsThrough(Advert(Neighbour), Self), filter.LetsThrough(Demand(Neighbour), Self)));
    }

    [Fact]
    public void LetsThrough_OnesOwn_Never()
    {
        Assert.False(new OfferFilter().LetsThrough(Advert(Self), Self));
        Assert.False(new OfferFilter().LetsThrough(Demand(Self), Self));
        Assert.True(new OfferFilter().LetsThrough(Advert(Self), null));
    }

    [Fact]
    public void LetsThrough_WhatIsNoOffer_Always()
    {
        var filter = new OfferFilter { HighestPrice = PriceOf(0), LowestPrice = PriceOf(1_000), LeastEnergy = Energy.FromMilliwattHours(1_000_000) };
        var expired = TradingCauses.AdvertExpired(default, Self, Energy.FromMilliwattHours(1), Noon, default);
        Assert.True(filter.LetsThrough(expired, Self));
    }

    [Fact]
    public void Plan_FilterOfAPerson_DecidesForThatPersonAlone()
    {
        NotificationParty[] parties =
        [
            Party("all", new()),
            Party("cheap", new() { HighestPrice = PriceOf(99) }),
        ];
        var plans = DeliveryRule.Plan(Advert(Neighbour), parties, Noon, DateTimeZone.Utc);
        Assert.Equal("all", Assert.Single(plans).Account.Value);
    }

    private static NotificationParty Party(string account, OfferFilter filter) => new(
        new(new(account)) { Microgrids = [new(2)] }, new() { Offers = filter }, [new(NotificationChannel.Email, "someone@example.org")]);

    private static Notification Advert(Address of) => TradingCauses.AdvertPosted(Offer(of), Noon, default);

    private static Notification Demand(Address of) => TradingCauses.DemandPosted(Offer(of), Noon, default);

    private static ToldOffer Offer(Address of) =>
        new(Keccak256.Hash("offer"u8), of, new(2), Energy.FromMilliwattHours(5_000), PriceOf(100), Noon + Duration.FromHours(3));

    private static Price PriceOf(int wei) => Price.FromWeiPerKilowattHour((UInt128)wei);
}
