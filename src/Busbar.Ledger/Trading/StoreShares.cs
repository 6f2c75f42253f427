using System.Numerics;
using Busbar.Domain.Quantities;

namespace Busbar.Ledger.Trading;

/// <summary>What one seller could have put into a store.</summary>
/// <param name="Exported">That no delivery and no bill has used, 0 or more.</param>
/// <param name="Room">How much more credit the seller may have there, 0 or more.</param>
public readonly record struct StoreClaim(Energy Exported, Energy Room);

/// <summary>Who put how much into a store: by what each exported while it took in, within everybody's room.</summary>
public static class StoreShares
{
    private const long Basis = 10_000;

    /// <summary>The least that is worth a turn: 1 Wh.</summary>
    public static readonly Energy Least = Energy.FromMilliwattHours(1_000);

    /// <summary>
    /// Shares what a store took in among those who exported meanwhile: all of it to each when the store took more than they gave, else in
    /// proportion, rounded down.
    /// </summary>
    /// <param name="intake">What went into the store, 0 or more.</param>
    /// <param name="room">How much more credit there may be in the store, 0 or more.</param>
    /// <param name="lossShare">Basis points that storing loses; 0 to 9,999.</param>
    /// <param name="claims">Of each seller.</param>
    /// <returns>For each seller what they put in, 0 or at least <see cref="Least"/>; together never more than the intake.</returns>
    public static IReadOnlyList<Energy> Share(Energy intake, Energy room, int lossShare, IReadOnlyList<StoreClaim> claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentOutOfRangeException.ThrowIfNegative(lossShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lossShare, (int)Basis);
        var exported = Sum(claims.Select(claim => claim.Exported.MilliwattHours));
        var shares = claims.Select(claim => Math.Min(
            Part(claim.Exported.MilliwattHours, intake.MilliwattHours, exported), Gross(claim.Room.MilliwattHours, lossShare))).ToArray();
        var gross = Gross(room.MilliwattHours, lossShare);
        var sum = Sum(shares);
        return [.. shares.Select(share => Part(share, gross, sum)).Select(share => Energy.FromMilliwattHours(share < Least.MilliwattHours ? 0 : share))];
    }

    // What all had together, of which there may be no more than so much.
    private static long Part(long own, long most, BigInteger together) => together <= most ? own : (long)((BigInteger)own * most / together);

    // The most that is credited with no more than so much.
    private static long Gross(long credit, int lossShare) => (long)BigInteger.Min(long.MaxValue, (BigInteger)Math.Max(credit, 0) * Basis / (Basis - lossShare));

    private static BigInteger Sum(IEnumerable<long> some) => some.Aggregate(BigInteger.Zero, (sum, one) => sum + one);
}
