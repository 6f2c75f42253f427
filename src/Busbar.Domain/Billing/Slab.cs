using Busbar.Domain.Quantities;

namespace Busbar.Domain.Billing;

/// <summary>A part of a period's energy that has its own price.</summary>
/// <param name="UpTo">The energy up to which it reaches, inclusive, counted from the period's first; null is without limit.</param>
/// <param name="Price">The price of the energy inside it.</param>
/// <param name="FixedCharge">The fixed charge of a period whose energy ends in it.</param>
public sealed record Slab(Energy? UpTo, Price Price, Coin FixedCharge = default)
{
    internal LedgerSlab ToLedger() => new(UpTo is { } limit ? (ulong)limit.MilliwattHours : LedgerSlab.Unlimited, Price, FixedCharge);
}
