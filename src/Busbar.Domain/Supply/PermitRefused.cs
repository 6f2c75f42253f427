using Busbar.Cryptography;
using Busbar.Domain.Metering;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Domain.Supply;

/// <summary>Why a meter does not obey a permit. A closed set; the name of the case is the reason on the wire.</summary>
public abstract record PermitRefused
{
    private PermitRefused()
    {
    }

    /// <summary>The reason's name, stable over releases.</summary>
    public string Reason => GetType().Name;

    /// <summary>One line for a person.</summary>
    public abstract string Detail { get; }

    /// <summary>The payload is not a permit.</summary>
    /// <param name="Fault">What is wrong with it.</param>
    public sealed record Malformed(string Fault) : PermitRefused
    {
        /// <inheritdoc />
        public override string Detail => Fault;
    }

    /// <summary>The permit is another meter's.</summary>
    /// <param name="Named">The meter that it names.</param>
    public sealed record WrongMeter(MeterId Named) : PermitRefused
    {
        /// <inheritdoc />
        public override string Detail => $"it is the permit of {Named}";
    }

    /// <summary>The permit is not signed by the community's key for this chain and deployment.</summary>
    /// <param name="Community">The address of the key that the meter believes; null when it has learnt none.</param>
    public sealed record WrongSigner(Address? Community) : PermitRefused
    {
        /// <inheritdoc />
        public override string Detail => Community is { } known
            ? $"not signed by {known} for this chain and deployment"
            : "this meter has not learnt its community's key";
    }

    /// <summary>The sequence number is not above that of the newest permit.</summary>
    /// <param name="Sequence">The permit's.</param>
    /// <param name="Newest">The newest permit's.</param>
    public sealed record Replayed(ulong Sequence, ulong Newest) : PermitRefused
    {
        /// <inheritdoc />
        public override string Detail => $"sequence {Sequence}, the newest is {Newest}";
    }

    /// <summary>The permit was issued later than it is now.</summary>
    /// <param name="IssuedAt">When it says that it was issued.</param>
    /// <param name="Now">The meter's time.</param>
    public sealed record IssuedInFuture(Instant IssuedAt, Instant Now) : PermitRefused
    {
        /// <inheritdoc />
        public override string Detail => $"issued at {Text(IssuedAt)}, the meter's clock says {Text(Now)}";
    }

    /// <summary>The meter could not keep it on its disk, and obeys nothing that a power cut would make it forget.</summary>
    /// <param name="Fault">The disk's word.</param>
    public sealed record NotKept(string Fault) : PermitRefused
    {
        /// <inheritdoc />
        public override string Detail => Fault;
    }

    private static string Text(Instant instant) => InstantPattern.General.Format(instant);
}
