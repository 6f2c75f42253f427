using System.ComponentModel;
using System.Globalization;
using System.Text;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Node.Billing.Tariffs;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>A published tariff.</summary>
internal sealed record TariffRow(
    uint Number,
    string Name,
    string? Currency,
    [property: Description("Why its text is not what the ledger charges by; null when it is.")] string? Fault,
    [property: Description("The canonical text, YAML; the ledger keeps its keccak-256.")] string Text,
    TariffSheetDocument Sheet,
    LedgerTariffDocument Ledger,
    [property: Description("How many accounts are billed by it now.")] int Accounts,
    PlaceDocument Place)
{
    public static TariffRow Of(PublishedTariff published, int accounts)
    {
        var (tariff, named) = (published.Tariff, NamedTariffs.Of(published));
        return new(
            published.Number,
            named.Name,
            named.Currency,
            NamedTariffs.FaultOf(published),
            Encoding.UTF8.GetString(published.Document.Span),
            TariffSheetDocument.Of(named),
            LedgerTariffDocument.Of(tariff, named),
            accounts,
            BillingApi.Place(published.Place));
    }
}

/// <summary>What the ledger charges by.</summary>
internal sealed record LedgerTariffDocument(
    [property: Description("keccak-256 of the canonical text.")] string Hash,
    string Payee,
    string ValidFrom,
    [property: Description("The first instant at which no period may begin by it any more; null is without end.")] string? ValidUntil,
    uint DueSeconds,
    uint GraceSeconds,
    [property: Description("The period that charges and slabs are meant for; 0 when they are never prorated.")] uint NominalSeconds,
    string FixedChargeWei,
    string MinimumChargeWei,
    string ExportPriceWei,
    [property: Description("Exported energy is carried over as energy.")] bool CarriesEnergy,
    [property: Description("The four rate bands' prices of a kilowatt-hour, on top of the slabs; empty without bands.")]
    IReadOnlyList<string> BandPricesWei,
    IReadOnlyList<SlabDocument> Slabs,
    IReadOnlyList<TaxDocument> Taxes)
{
    private const long LastSecond = 253_402_300_799;

    /// <summary>The ledger's tariff, with the names of its text.</summary>
    public static LedgerTariffDocument Of(LedgerTariff tariff, Tariff named) => new(
        tariff.Document.ToString(),
        tariff.Payee.ToString(),
        At(tariff.ValidFrom),
        tariff.ValidUntil == 0 ? null : At(tariff.ValidUntil),
        tariff.DueSeconds,
        tariff.GraceSeconds,
        tariff.NominalSeconds,
        BillingApi.Wei(tariff.FixedCharge),
        BillingApi.Wei(tariff.MinimumCharge),
        Wei(tariff.ExportPrice),
        tariff.CarriesEnergy,
        tariff.HasBands ? [.. tariff.BandPrices.Select(Wei)] : [],
        [.. tariff.Slabs.Select(slab => new SlabDocument(Limit(slab.UpTo), Wei(slab.Price), BillingApi.Wei(slab.FixedCharge)))],
        [.. named.Taxes.Select(tax => new TaxDocument(tax.Name, tax.Share, Wei(tax.PerKilowattHour)))]);

    private static string At(ulong second) => Forms.Text(Instant.FromUnixTimeSeconds((long)Math.Min(second, LastSecond)));

    private static string Wei(Price price) => BillingApi.Wei(price);

    private static string? Limit(ulong upTo) => upTo == LedgerSlab.Unlimited ? null : upTo.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A part of a period's energy with its own price.</summary>
internal sealed record SlabDocument(
    [property: Description("Inclusive; null is without limit.")] string? UpToMwh, string PriceWei, string FixedChargeWei);

/// <summary>A tax line.</summary>
internal sealed record TaxDocument(string Name, [property: Description("Of the charges, in basis points.")] int Share, string PriceWei);
