using System.Globalization;
using Busbar.Domain.Billing;

namespace Busbar.Node.Billing.Tariffs;

/// <summary>What is wrong with a tariff's YAML, and where.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Refused">What is wrong there.</param>
public sealed record TariffFault(long Line, TariffRefused Refused)
{
    /// <summary>One line for a person, such as <c>line 12: slabs[2].upTo: 10 kWh is not above 20 kWh before it</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"line {Line}: {(Refused.Member.Length == 0 ? "" : Refused.Member + ": ")}{Refused.Detail}");
}
