using System.Runtime.CompilerServices;
using System.Text;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using NodaTime;

namespace Busbar.Node.Billing.Tariffs;

/// <summary>
/// Published tariffs as people know them, each read once. One whose text is not what the ledger charges by is told by its numbers alone:
/// the ledger's count. Thread safe.
/// </summary>
internal static class NamedTariffs
{
    private static readonly ConditionalWeakTable<PublishedTariff, Known> Read = [];

    /// <summary>The tariff with the names of its text.</summary>
    public static Tariff Of(PublishedTariff published) => Find(published).Tariff;

    /// <summary>Why its text does not count; null when it does.</summary>
    public static string? FaultOf(PublishedTariff published) => Find(published).Fault;

    private static Known Find(PublishedTariff published) => Read.GetValue(published, static one =>
    {
        var (tariff, faults) = TariffFile.FromLedger(one.Tariff, one.Document.Span);
        return tariff is not null ? new(tariff, null) : new(ByNumbers(one), $"{faults[0].Refused.Member}: {faults[0].Refused.Detail}");
    });

    private static Tariff ByNumbers(PublishedTariff published)
    {
        var ledger = published.Tariff;
        return new()
        {
            Name = $"Tariff {published.Number}",
            Zone = DateTimeZone.Utc,
            ValidFrom = DateOf(ledger.ValidFrom),
            Due = Duration.FromSeconds(ledger.DueSeconds),
            Grace = Duration.FromSeconds(ledger.GraceSeconds),
            Period = Duration.FromSeconds(ledger.NominalSeconds),
            FixedCharge = ledger.FixedCharge,
            MinimumCharge = ledger.MinimumCharge,
            ExportPrice = ledger.ExportPrice,
            CarriesEnergy = ledger.CarriesEnergy,
            Slabs = [.. ledger.Slabs.Select(slab => new Slab(Limit(slab.UpTo), slab.Price, slab.FixedCharge))],
            Bands = ledger.HasBands ? [.. ledger.BandPrices.Select((price, band) => new RateBand($"Band {band + 1}", price, []))] : [],
            Taxes =
            [
                .. ledger.Taxes.Select(tax =>
                    new TaxLine(Encoding.UTF8.GetString(tax.Name.ToArray().AsSpan().TrimEnd((byte)0)), tax.Share, tax.PerKilowattHour)),
            ],
        };
    }

    private static LocalDate DateOf(ulong second) => Instant.FromUnixTimeSeconds((long)Math.Min(second, 253_402_300_799)).InUtc().Date;

    private static Energy? Limit(ulong upTo) => upTo > long.MaxValue ? null : Energy.FromMilliwattHours((long)upTo);

    private sealed record Known(Tariff Tariff, string? Fault);
}
