using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Billing;

/// <summary>What is said of a bill. The numbers are those of the contract.</summary>
[Flags]
public enum BillFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It ends with registers that nobody signed; it never ends a permit.</summary>
    Estimated = 1,

    /// <summary>The household objects; until that is answered it does not end the permit.</summary>
    Disputed = 2,

    /// <summary>Debt from before the account, not metered by it.</summary>
    Arrears = 4,

    /// <summary>The node told the import apart by rate bands, because the meter does not.</summary>
    BandedByNode = 8,

    /// <summary>An objection to this version was answered: it cannot be objected to again.</summary>
    Answered = 16,
}

/// <summary>A bill as it is owed.</summary>
/// <param name="Number">Counted from 1 for each premises.</param>
/// <param name="Amount">What it comes to; negative is a credit.</param>
/// <param name="Outstanding">What is still to be paid of it.</param>
/// <param name="Deadline">When it ends the permit unless it is paid or disputed; null when it never does.</param>
/// <param name="Flags">What is said of it.</param>
/// <param name="Version">1, and one more with each correction.</param>
public sealed record DueBill(int Number, Coin Amount, Coin Outstanding, Instant? Deadline, BillFlags Flags, int Version)
{
    /// <summary>Whether a household objects and waits for the answer.</summary>
    public bool IsDisputed => Flags.HasFlag(BillFlags.Disputed);
}
