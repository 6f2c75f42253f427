using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Domain.Billing;

/// <summary>Why what a premises used cannot be told from these registers. A closed set.</summary>
public abstract record PremisesUseRefused
{
    private PremisesUseRefused()
    {
    }

    /// <summary>The refusal's name.</summary>
    public string Reason => GetType().Name;

    /// <summary>One line for a person.</summary>
    public abstract string Detail { get; }

    /// <summary>There is no meter, or there are too many.</summary>
    public sealed record WrongNumberOfMeters(int Count, int Most) : PremisesUseRefused
    {
        /// <inheritdoc />
        public override string Detail => $"{Count} meters in one period, 1 to {Most} are taken";
    }

    /// <summary>A register stands lower at the end than at the start, and no change of the meter is on record.</summary>
    public sealed record RegisterBackwards(MeterId Meter, string Register, MeterRegister Opening, MeterRegister Closing) : PremisesUseRefused
    {
        /// <inheritdoc />
        public override string Detail =>
            $"the {Register} register of {Meter} went from {Opening} back to {Closing}; a changed meter needs a record of its change";
    }

    /// <summary>There is a gap, or an overlap, between two meters or at an end of the period.</summary>
    public sealed record NotContiguous(MeterId Meter, Instant Expected, Instant Found) : PremisesUseRefused
    {
        /// <inheritdoc />
        public override string Detail =>
            $"{Meter} is read at {InstantPattern.General.Format(Found)} where {InstantPattern.General.Format(Expected)} is needed";
    }

    /// <summary>A meter's closing reading is not after its opening reading.</summary>
    public sealed record ClosesBeforeItOpens(MeterId Meter, Instant From, Instant To) : PremisesUseRefused
    {
        /// <inheritdoc />
        public override string Detail =>
            $"{Meter} opens at {InstantPattern.General.Format(From)} and closes at {InstantPattern.General.Format(To)}";
    }

    /// <summary>The rate bands do not make up the import.</summary>
    public sealed record BandsDoNotSum(MeterId Meter, Energy Import) : PremisesUseRefused
    {
        /// <inheritdoc />
        public override string Detail => $"the rate bands of {Meter} do not make up its import of {Import}";
    }

    /// <summary>The meters together counted more than an energy can be.</summary>
    public sealed record TooMuch(MeterId Meter) : PremisesUseRefused
    {
        /// <inheritdoc />
        public override string Detail => $"with {Meter} the energy of the period is beyond 2^63 - 1 mWh";
    }
}
