using Busbar.Domain.Trading;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Trading;
using NodaTime;

namespace Busbar.Node.Market;

/// <summary>The adverts and the demands of a market, in order.</summary>
internal sealed class BoardLists(MarketView market)
{
    private const ulong Basis = 10_000;

    public BoardList<BoardAdvert> Adverts => new(market.OpenAdverts, one => one.Id, KeyOf);

    public BoardList<BoardDemand> Demands => new(market.OpenDemands, one => one.Id, KeyOf);

    private static UInt128 KeyOf(BoardAdvert advert, BoardOrder order, Instant now) => order switch
    {
        BoardOrder.Newest => Newest(advert.Terms.Price.Posted),
        BoardOrder.Ending => Second(advert.Terms.Price.End),
        _ => Weighted(advert.Terms.Price, now),
    };

    private static UInt128 KeyOf(BoardDemand demand, BoardOrder order, Instant now) => order switch
    {
        BoardOrder.Newest => Newest(demand.Terms.Posted),
        BoardOrder.Ending => Second(demand.Terms.Until),
        _ => UInt128.MaxValue - demand.Terms.Price.WeiPerKilowattHour,
    };

    // As AdvertPrice, without big numbers: a price has 96 bits, the factor less than 32.
    private static UInt128 Weighted(AdvertPrice price, Instant now)
    {
        var hours = (ulong)Math.Max((long)(now - price.Posted).TotalHours, 0);
        return price.First.WeiPerKilowattHour * (Basis + ((ulong)price.StepShare * hours));
    }

    private static UInt128 Newest(Instant posted) => ulong.MaxValue - Second(posted);

    private static UInt128 Second(Instant instant) => (ulong)Math.Max(instant.ToUnixTimeSeconds(), 0);
}
