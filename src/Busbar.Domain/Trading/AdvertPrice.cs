using System.Numerics;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Trading;

/// <summary>
/// What energy of an advert costs as time goes by: it rises by a share of its first price each whole hour, and is for sale until its
/// life is over. Equals <c>Adverts.shareAt</c> of the contracts to the wei.
/// </summary>
/// <param name="First">In the first hour.</param>
/// <param name="StepShare">Basis points of the first price that each whole hour adds; 0 to 10,000.</param>
/// <param name="Posted">When it was posted.</param>
/// <param name="Life">How long it is for sale.</param>
public sealed record AdvertPrice(Price First, int StepShare, Instant Posted, Duration Life)
{
    private const long Basis = 10_000;
    private const long MilliwattHoursPerKilowattHour = 1_000_000;

    /// <summary>From then on nobody can buy.</summary>
    public Instant End => Posted + Life;

    /// <summary>Whether it is for sale at an instant.</summary>
    public bool IsLiveAt(Instant instant) => instant >= Posted && instant < End;

    /// <summary>The price at an instant, rounded down to a wei a kilowatt-hour; for people, not for reckoning.</summary>
    /// <param name="instant">Not before it was posted.</param>
    public Price At(Instant instant) => Price.FromWeiPerKilowattHour((UInt128)(Weighted(instant) / Basis));

    /// <summary>When the price rises next, or null when it does not before the end.</summary>
    public Instant? NextStepAfter(Instant instant)
    {
        var next = Posted + Duration.FromHours(HoursAt(instant) + 1);
        return next < End && StepShare > 0 ? next : null;
    }

    /// <summary>What the seller gets for so much energy, rounded down to a wei with one division.</summary>
    /// <param name="energy">0 or more.</param>
    /// <param name="instant">Not before it was posted.</param>
    /// <exception cref="ArgumentOutOfRangeException">The energy is negative, or the instant before the advert.</exception>
    /// <exception cref="OverflowException">It is more than <see cref="Coin.Most"/>.</exception>
    public Coin ShareFor(Energy energy, Instant instant)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(energy, Energy.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(instant, Posted);
        return Coin.FromWei((Int128)(energy.MilliwattHours * Weighted(instant) / (Basis * MilliwattHoursPerKilowattHour)));
    }

    private BigInteger Weighted(Instant instant) => (BigInteger)First.WeiPerKilowattHour * (Basis + (StepShare * HoursAt(instant)));

    private long HoursAt(Instant instant) => (long)(instant - Posted).TotalHours;
}
