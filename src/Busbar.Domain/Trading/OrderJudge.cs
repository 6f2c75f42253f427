using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using NodaTime;

namespace Busbar.Domain.Trading;

/// <summary>Decides whether a meter believes an order; what it can do about it is decided after.</summary>
/// <param name="meter">The meter.</param>
/// <param name="domain">Where signatures are to hold.</param>
/// <param name="community">The address of the community's key; null when the meter has learnt none, and then believes nothing.</param>
public sealed class OrderJudge(MeterId meter, SigningDomain domain, Address? community)
{
    /// <summary>The meter.</summary>
    public MeterId Meter => meter;

    /// <summary>Where signatures are to hold.</summary>
    public SigningDomain Domain => domain;

    /// <summary>Judges an order by its signer and its number.</summary>
    /// <param name="signed">The order.</param>
    /// <param name="newest">The number of the newest order; 0 for none.</param>
    /// <param name="now">The time; null while it is not known, and then no order is too early.</param>
    /// <returns>Why it is refused; null when it is believed.</returns>
    public OrderRefused? Judge(SignedOrder signed, ulong newest, Instant? now)
    {
        ArgumentNullException.ThrowIfNull(signed);
        var order = signed.Order;
        if (order.Meter != meter)
            return new OrderRefused.WrongMeter(order.Meter);
        if (community is not { } key || !signed.IsGenuine(domain, key))
            return new OrderRefused.WrongSigner(community);
        if (order.Number <= newest)
            return new OrderRefused.Replayed(order.Number, newest);
        return now is { } clock && order.IssuedAt > clock + PermitJudge.Ahead
            ? new OrderRefused.IssuedInFuture(order.IssuedAt, clock)
            : null;
    }
}
