using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Node.Billing.Tariffs;

/// <summary>A bill by a tariff for a use that somebody names, as any bill is computed.</summary>
/// <param name="Start">The period's first instant.</param>
/// <param name="End">The first after it.</param>
/// <param name="Usage">The use.</param>
/// <param name="Amounts">What it comes to.</param>
internal sealed record TariffExample(Instant Start, Instant End, BillUsage Usage, BillAmounts Amounts)
{
    /// <summary>Computes it; the energy is taken as even over the period, which tells its part of each rate band.</summary>
    /// <param name="tariff">By which; it keeps to <see cref="TariffRules"/>.</param>
    /// <param name="days">Whole days of the tariff's zone, 1 or more.</param>
    /// <param name="imported">Taken in, 0 or more.</param>
    /// <param name="exported">Given out, 0 or more.</param>
    /// <param name="now">The period begins with the next day, or with the tariff's first when that is later.</param>
    /// <returns>The bill; null when it is beyond what a bill may be.</returns>
    public static TariffExample? Of(Tariff tariff, int days, Energy imported, Energy exported, Instant now)
    {
        var next = now.InZone(tariff.Zone).Date.PlusDays(1);
        var first = next < tariff.ValidFrom ? tariff.ValidFrom : next;
        var start = tariff.Zone.AtStartOfDay(first).ToInstant();
        var end = tariff.Zone.AtStartOfDay(first.PlusDays(days)).ToInstant();
        var bands = tariff.Bands.Count > 0 ? new TariffCalendar(tariff).Over(start, end).Split(start, end, imported) : default;
        var usage = new BillUsage((long)(end - start).TotalSeconds, imported, exported, bands);
        // Who is paid changes no amount.
        var (amounts, _) = BillArithmetic.Compute(tariff.ToLedger(Address.Zero), usage);
        return amounts is null ? null : new(start, end, usage, amounts);
    }
}
