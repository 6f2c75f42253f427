using Busbar.Domain.Quantities;

namespace Busbar.Domain.Billing;

/// <summary>Why no bill can be computed. A closed set.</summary>
public abstract record BillRefused
{
    private BillRefused()
    {
    }

    /// <summary>The refusal's name.</summary>
    public string Reason => GetType().Name;

    /// <summary>One line for a person.</summary>
    public abstract string Detail { get; }

    /// <summary>The period has no length.</summary>
    /// <param name="Seconds">What was given.</param>
    public sealed record NoTime(long Seconds) : BillRefused
    {
        /// <inheritdoc />
        public override string Detail => $"a period of {Seconds} s has no length";
    }

    /// <summary>An energy is below zero.</summary>
    /// <param name="Member">Which.</param>
    /// <param name="Energy">How much.</param>
    public sealed record NegativeEnergy(string Member, Energy Energy) : BillRefused
    {
        /// <inheritdoc />
        public override string Detail => $"{Member} is {Energy}; a period's energies are 0 or more";
    }

    /// <summary>The tariff has rate bands, and they do not make up the import.</summary>
    /// <param name="Sum">The bands together.</param>
    /// <param name="Imported">The import.</param>
    public sealed record BandsDoNotSum(Energy Sum, Energy Imported) : BillRefused
    {
        /// <inheritdoc />
        public override string Detail => $"the rate bands make {Sum}, the import is {Imported}";
    }

    /// <summary>An energy or an amount is beyond what can be counted.</summary>
    public sealed record TooLarge : BillRefused
    {
        /// <inheritdoc />
        public override string Detail => $"an energy is beyond 2^63 - 1 mWh, or an amount beyond {Coin.Most} coins";
    }
}
