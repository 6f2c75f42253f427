using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Domain.Trading;

/// <summary>Why a meter does not take an order. A closed set; the name of the case is the reason on the wire.</summary>
public abstract record OrderRefused
{
    private OrderRefused()
    {
    }

    /// <summary>The reason's name, stable over releases.</summary>
    public string Reason => GetType().Name;

    /// <summary>One line for a person.</summary>
    public abstract string Detail { get; }

    /// <summary>Whether the same order may be taken later; else its number is used up.</summary>
    public virtual bool IsTransient => false;

    /// <summary>The payload is not an order.</summary>
    /// <param name="Fault">What is wrong with it.</param>
    public sealed record Malformed(string Fault) : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => Fault;
    }

    /// <summary>The order is another meter's.</summary>
    /// <param name="Named">The meter that it names.</param>
    public sealed record WrongMeter(MeterId Named) : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => $"it is an order to {Named}";
    }

    /// <summary>The order is not signed by the community's key for this chain and deployment.</summary>
    /// <param name="Community">The address of the key that the meter believes; null when it has learnt none.</param>
    public sealed record WrongSigner(Address? Community) : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => Community is { } known
            ? $"not signed by {known} for this chain and deployment"
            : "this meter has not learnt its community's key";
    }

    /// <summary>The number is not above that of the newest order.</summary>
    /// <param name="Number">The order's.</param>
    /// <param name="Newest">The newest order's.</param>
    public sealed record Replayed(ulong Number, ulong Newest) : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => $"number {Number}, the newest is {Newest}";
    }

    /// <summary>The order was made later than it is now.</summary>
    /// <param name="IssuedAt">When it says that it was made.</param>
    /// <param name="Now">The meter's time.</param>
    public sealed record IssuedInFuture(Instant IssuedAt, Instant Now) : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => $"made at {Text(IssuedAt)}, the meter's clock says {Text(Now)}";

        /// <inheritdoc />
        public override bool IsTransient => true;
    }

    /// <summary>The meter does not know what time it is, and cannot say when a delivery begins.</summary>
    public sealed record ClockUnknown : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => "the meter's clock is not set";

        /// <inheritdoc />
        public override bool IsTransient => true;
    }

    /// <summary>The deadline has passed.</summary>
    /// <param name="Deadline">The order's.</param>
    /// <param name="Now">The meter's time.</param>
    public sealed record Expired(Instant Deadline, Instant Now) : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => $"to be over by {Text(Deadline)}, the meter's clock says {Text(Now)}";
    }

    /// <summary>The premises is not supplied, and no trade switches it on.</summary>
    /// <param name="Supply">Why it is not.</param>
    public sealed record NotPermitted(SupplyReason Supply) : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => $"the premises is not supplied: {Supply}";
    }

    /// <summary>The meter has as many deliveries as it can keep.</summary>
    /// <param name="Most">How many that are.</param>
    public sealed record TooManySessions(int Most) : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => $"{Most} deliveries are all that it keeps at a time";
    }

    /// <summary>There is a delivery of this subject already.</summary>
    public sealed record AlreadyOpen : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => "another order opened this delivery";
    }

    /// <summary>There is no delivery of this subject (any more).</summary>
    public sealed record UnknownSubject : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => "no such delivery";
    }

    /// <summary>Nothing can be reported of a delivery that has not begun.</summary>
    public sealed record NotStarted : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => "it has not begun";
    }

    /// <summary>Too many reports of this delivery are not acknowledged yet.</summary>
    /// <param name="Waiting">How many wait.</param>
    public sealed record ReportsWaiting(int Waiting) : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => $"{Waiting} reports wait to be acknowledged";
    }

    /// <summary>More reports are acknowledged than were made.</summary>
    /// <param name="Acknowledged">How many the order says.</param>
    /// <param name="Made">How many were made.</param>
    public sealed record UnknownReport(long Acknowledged, int Made) : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => $"{Acknowledged} are acknowledged, {Made} were made";
    }

    /// <summary>The meter could not keep it on its disk, and begins nothing that a power cut would make it forget.</summary>
    /// <param name="Fault">The disk's word.</param>
    public sealed record NotKept(string Fault) : OrderRefused
    {
        /// <inheritdoc />
        public override string Detail => Fault;

        /// <inheritdoc />
        public override bool IsTransient => true;
    }

    private static string Text(Instant instant) => InstantPattern.General.Format(instant);
}
