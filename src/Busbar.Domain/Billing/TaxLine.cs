using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;

namespace Busbar.Domain.Billing;

/// <summary>A tax or duty with a line of its own on the bill.</summary>
/// <param name="Name">What it is called: 1 to 32 bytes in UTF-8, so that the ledger can name it.</param>
/// <param name="Share">Of the charges, in basis points: 10,000 are the whole.</param>
/// <param name="PerKilowattHour">For each kilowatt-hour billed.</param>
public sealed record TaxLine(string Name, ushort Share, Price PerKilowattHour = default)
{
    internal LedgerTaxLine ToLedger()
    {
        Span<byte> name = stackalloc byte[Hash256.Length];
        name.Clear();
        Encoding.UTF8.GetBytes(Name, name);
        return new(new(name), Share, PerKilowattHour);
    }
}
