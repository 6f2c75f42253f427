using Busbar.Cryptography;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Supply;

/// <summary>Decides whether a meter believes a permit.</summary>
/// <param name="meter">The meter.</param>
/// <param name="domain">Where signatures are to hold.</param>
/// <param name="community">The address of the community's key; null when the meter has learnt none, and then believes nothing.</param>
public sealed class PermitJudge(MeterId meter, SigningDomain domain, Address? community)
{
    /// <summary>How far a permit's instant of issue may lie ahead of the meter's clock.</summary>
    public static readonly Duration Ahead = Duration.FromMinutes(10);

    /// <summary>Judges a permit.</summary>
    /// <param name="signed">The permit.</param>
    /// <param name="newest">The newest permit that is believed so far; null when there is none.</param>
    /// <param name="now">The time; null while it is not known, and then no permit is too early.</param>
    /// <returns>Why it is refused; null when it is believed, or is the newest one once more.</returns>
    public PermitRefused? Judge(SignedPermit signed, SignedPermit? newest, Instant? now)
    {
        ArgumentNullException.ThrowIfNull(signed);
        var permit = signed.Permit;
        if (permit.Meter != meter)
            return new PermitRefused.WrongMeter(permit.Meter);
        if (community is not { } key || !signed.IsGenuine(domain, key))
            return new PermitRefused.WrongSigner(community);
        if (newest is not null && permit.Sequence <= newest.Permit.Sequence)
            return permit == newest.Permit ? null : new PermitRefused.Replayed(permit.Sequence, newest.Permit.Sequence);
        return now is { } clock && permit.IssuedAt > clock + Ahead ? new PermitRefused.IssuedInFuture(permit.IssuedAt, clock) : null;
    }
}
