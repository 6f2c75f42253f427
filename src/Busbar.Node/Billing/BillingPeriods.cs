using Busbar.Domain.Billing;
using Busbar.Ledger.Bills;
using NodaTime;

namespace Busbar.Node.Billing;

/// <summary>When billing periods end: with the month of the community's zone, or with the day for those who pay beforehand.</summary>
/// <param name="zone">The community's zone.</param>
internal sealed class BillingPeriods(DateTimeZone zone)
{
    /// <summary>The end of the period that is under way; a tariff that ends earlier ends it.</summary>
    public Instant EndOf(PremisesAccount account, LedgerTariff? tariff)
    {
        var begun = account.Latest.Begun.InZone(zone).Date;
        var next = account.IsPrepaid ? begun.PlusDays(1) : begun.With(DateAdjusters.StartOfMonth).PlusMonths(1);
        var end = zone.AtStartOfDay(next).ToInstant();
        if (tariff is not { ValidUntil: > 0 and var until })
            return end;
        var last = Instant.FromUnixTimeSeconds((long)until);
        return last > account.Latest.Begun && last < end ? last : end;
    }
}
