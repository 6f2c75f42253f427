using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Ledger.Indexing;

namespace Busbar.Node.Cash;

/// <summary>Where an entry of the cash book stands.</summary>
internal enum CashState
{
    /// <summary>It is on the ledger: the coin is made or taken back.</summary>
    Booked,

    /// <summary>Its transaction is on its way.</summary>
    Waiting,

    /// <summary>The contract undid its transaction: nothing was booked, and its number may be used again.</summary>
    Failed,

    /// <summary>It is on the ledger, and this node has no entry for it: a treasurer booked it elsewhere.</summary>
    Unknown,
}

/// <summary>A line of the cash book.</summary>
/// <param name="Reference">Names it on the ledger.</param>
/// <param name="Slip">The entry; null when the state is <see cref="CashState.Unknown"/>.</param>
/// <param name="Entry">What the ledger says; null while it says nothing.</param>
/// <param name="State">Where it stands.</param>
internal sealed record CashLine(Hash256 Reference, CashSlip? Slip, CashEntry? Entry, CashState State);

/// <summary>What is to be booked.</summary>
internal sealed record CashDraft(
    CashDirection Direction, CashMeans Means, string Number, Domain.Metering.PremisesId Premises, Domain.Quantities.Coin Amount, CashUse Use, string Note, string By);

/// <summary>What became of a draft. A closed set.</summary>
internal abstract record CashOutcome
{
    private CashOutcome()
    {
    }

    /// <summary>It is on the ledger and in the book.</summary>
    public sealed record Booked(CashLine Line) : CashOutcome;

    /// <summary>An entry of the same means has this number; nothing was booked.</summary>
    public sealed record NumberTaken(CashLine Line) : CashOutcome;

    /// <summary>Nobody holds the premises on the ledger; nothing was booked.</summary>
    public sealed record NoHolder : CashOutcome;

    /// <summary>The ledger would refuse it, or did; nothing was booked.</summary>
    public sealed record LedgerRefused(string Reason) : CashOutcome;
}
