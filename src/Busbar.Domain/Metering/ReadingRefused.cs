using Busbar.Domain.Quantities;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Domain.Metering;

/// <summary>Why a message on a reading topic was not believed. A closed set; the name of the case is the reason on the wire.</summary>
public abstract record ReadingRefused
{
    private ReadingRefused()
    {
    }

    /// <summary>The reason's name, stable over releases: <c>WrongSignature</c>, <c>SequenceGap</c> and so on.</summary>
    public string Reason => GetType().Name;

    /// <summary>One line for a person: what was wrong and what was expected.</summary>
    public abstract string Detail { get; }

    /// <summary>The payload is not a reading.</summary>
    /// <param name="Fault">What is wrong with it.</param>
    public sealed record Malformed(string Fault) : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail => Fault;
    }

    /// <summary>The payload is larger than a reading can be.</summary>
    /// <param name="Size">Its size in bytes.</param>
    /// <param name="Limit">The most that is taken.</param>
    public sealed record Oversized(int Size, int Limit) : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail => $"{Size} bytes, at most {Limit} are taken";
    }

    /// <summary>No such meter is registered on the ledger, or it is retired.</summary>
    /// <param name="Meter">The meter.</param>
    public sealed record UnknownMeter(MeterId Meter) : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail => $"{Meter} is not registered";
    }

    /// <summary>The reading names another meter than the topic.</summary>
    /// <param name="Topic">The topic's meter.</param>
    /// <param name="Named">The reading's meter.</param>
    public sealed record WrongTopic(MeterId Topic, MeterId Named) : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail => $"the topic is that of {Topic}, the reading that of {Named}";
    }

    /// <summary>The signature is not that of the meter's key over this reading, chain and deployment.</summary>
    /// <param name="Meter">The meter.</param>
    public sealed record WrongSignature(MeterId Meter) : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail => $"not signed by {Meter} for this chain and deployment";
    }

    /// <summary>The meter's own clock was not set when it read.</summary>
    public sealed record ClockNotSet : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail => "the meter's clock was not set; set it from busbar/v1/time and read again";
    }

    /// <summary>The reading's instant is further from the node's clock than is allowed.</summary>
    /// <param name="Instant">The reading's instant.</param>
    /// <param name="Now">The node's clock.</param>
    /// <param name="Limit">How far it may be off.</param>
    public sealed record ClockOff(Instant Instant, Instant Now, Duration Limit) : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail => $"read at {Text(Instant)}, the node's clock says {Text(Now)}, limit {Limit.TotalSeconds} s";
    }

    /// <summary>The reading is older than what can still be corrected; its sequence number counts as taken.</summary>
    /// <param name="Instant">The reading's instant.</param>
    /// <param name="Oldest">The oldest instant that is taken now.</param>
    public sealed record TooLate(Instant Instant, Instant Oldest) : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail => $"read at {Text(Instant)}, nothing before {Text(Oldest)} is taken any more";
    }

    /// <summary>The reading is at no interval's end, and not marked as read on request.</summary>
    /// <param name="Instant">The reading's instant.</param>
    /// <param name="Length">The community's intervals.</param>
    public sealed record Misaligned(Instant Instant, IntervalLength Length) : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail => $"{Text(Instant)} is no end of a {Length} interval";
    }

    /// <summary>Readings before this one are missing: send from the expected one on, or mark this one with readingsLost.</summary>
    /// <param name="Expected">The next sequence number.</param>
    /// <param name="Sequence">The reading's.</param>
    public sealed record SequenceGap(ulong Expected, ulong Sequence) : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail => $"sequence {Sequence}, expected {Expected}";
    }

    /// <summary>A reading with this sequence number was taken already and said something else, or is too old to compare.</summary>
    /// <param name="Sequence">The sequence number.</param>
    public sealed record SequenceRepeated(ulong Sequence) : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail => $"sequence {Sequence} was taken already, with other content";
    }

    /// <summary>The reading is not later than the one before it.</summary>
    /// <param name="Instant">The reading's instant.</param>
    /// <param name="Last">The instant of the one before.</param>
    public sealed record InstantBackwards(Instant Instant, Instant Last) : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail => $"read at {Text(Instant)}, not after {Text(Last)}";
    }

    /// <summary>The boot count is lower than before.</summary>
    /// <param name="Boot">The reading's.</param>
    /// <param name="Last">The one before.</param>
    public sealed record BootBackwards(uint Boot, uint Last) : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail => $"boot {Boot}, it was {Last}";
    }

    /// <summary>A register went back without a new boot count and an operator's record of the meter's change.</summary>
    /// <param name="Was">The registers before.</param>
    /// <param name="Now">The registers now.</param>
    public sealed record RegisterBackwards(Registers Was, Registers Now) : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail =>
            $"import {Now.Import} after {Was.Import}, export {Now.Export} after {Was.Export}; a changed meter needs the operator's record";
    }

    /// <summary>More energy than the connection can carry in that time.</summary>
    /// <param name="Energy">The energy since the reading before.</param>
    /// <param name="Possible">The most that the connection carries in that time.</param>
    public sealed record AboveConnection(Energy Energy, Energy Possible) : ReadingRefused
    {
        /// <inheritdoc />
        public override string Detail => $"{Energy} since the last reading, the connection carries at most {Possible}";
    }

    private static string Text(Instant instant) => InstantPattern.General.Format(instant);
}
