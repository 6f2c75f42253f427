using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Node.Billing.Tariffs;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>Bills of the ledger as documents.</summary>
/// <param name="tariffOf">A tariff by its number; null when there is none.</param>
/// <param name="length">The length of intervals: a proof is asked for by its interval's start.</param>
/// <param name="now">What is due is told as of then.</param>
internal sealed class BillForms(Func<uint, PublishedTariff?> tariffOf, IntervalLength length, Instant now)
{
    /// <summary>A bill as it is owed now.</summary>
    public BillRow Row(PremisesAccount account, int number)
    {
        var (due, version) = (account.Due[number - 1], account.Bills[number - 1][^1]);
        var tariff = TariffOf(version);
        var dueAt = tariff is not null && due.Amount > Coin.Zero
            ? version.Place.Time + Duration.FromSeconds((long)tariff.Tariff.DueSeconds)
            : (Instant?)null;
        BillUsage? usage = tariff is null ? null : BillFacts.UsageOf(version);
        return new(
            number,
            due.Version,
            StateOf(due, dueAt),
            FlagsOf(due.Flags),
            Forms.Text(version.Opening?.Begun),
            Forms.Text(version.Closing?.Instant),
            usage is null ? null : Mwh(usage.Value.Imported),
            usage is null ? null : Mwh(usage.Value.Exported),
            BillingApi.Wei(due.Amount),
            BillingApi.Wei(due.Outstanding),
            Forms.Text(dueAt),
            Forms.Text(due.Deadline),
            tariff is null ? null : NamedTariffs.Of(tariff).Currency,
            BillingApi.Place(version.Place));
    }

    /// <summary>A bill with all that it follows from.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="number">Which; there is one of the number.</param>
    /// <param name="version">Which version is explained; there is one of the number.</param>
    public BillDocument Document(PremisesAccount account, int number, int version)
    {
        var versions = account.Bills[number - 1];
        var told = versions[version - 1];
        var tariff = TariffOf(told);
        var (amounts, fault) = tariff is null ? (null, null) : BillFacts.Check(told, tariff.Tariff);
        var credited = version == versions.Count ? told.Bill.Amount - account.Due[number - 1].Amount : Coin.Zero;
        return new(
            account.Premises.ToString(),
            Row(account, number),
            tariff is null ? null : Tariff(tariff),
            told.Opening is { } opening ? Reading(opening, withBefore: true) : null,
            told.Closing is { } closing ? Reading(closing, withBefore: false) : null,
            amounts is null ? null : Use(BillFacts.UsageOf(told), amounts),
            amounts is null ? [] : [.. BillLine.Of(NamedTariffs.Of(tariff!), amounts).Select(Line)],
            BillingApi.Wei(told.Bill.Amount),
            BillingApi.Wei(credited),
            amounts is not null && fault is null,
            fault,
            [.. versions.Select(Version)]);
    }

    /// <summary>A tariff by what people call it.</summary>
    public static BillTariffDocument Tariff(PublishedTariff published) =>
        new(published.Number, NamedTariffs.Of(published).Name, NamedTariffs.Of(published).Currency);

    public static IReadOnlyList<string> FlagsOf(BillFlags flags) =>
    [
        .. Enum.GetValues<BillFlags>().Where(flag => flag != BillFlags.None && flags.HasFlag(flag))
            .Select(flag => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(flag.ToString())),
    ];

    private PublishedTariff? TariffOf(BillVersion version) =>
        version is { Opening: { } opening, Closing: not null } ? tariffOf(opening.Tariff) : null;

    private static BillVersionDocument Version(BillVersion version) =>
        new(version.Bill.Version, BillingApi.Wei(version.Bill.Amount), FlagsOf(version.Bill.Flags), BillingApi.Place(version.Place));

    private string StateOf(DueBill bill, Instant? dueAt) => bill switch
    {
        { Amount.IsNegative: true } => "credit",
        { IsDisputed: true } => "disputed",
        _ when bill.Outstanding == Coin.Zero => "paid",
        // Arrears name no day of their own: what ends the permit is the day that counts.
        _ => (dueAt ?? bill.Deadline) < now ? "overdue" : "open",
    };

    private BillReadingDocument Reading(PeriodBoundary boundary, bool withBefore)
    {
        var start = (boundary.Instant - length.Duration).ToUnixTimeSeconds();
        return new(
            boundary.Meter.ToString(),
            Forms.Text(boundary.Instant),
            Forms.Number(boundary.Registers.Import.MilliwattHours),
            Forms.Number(boundary.Registers.Export.MilliwattHours),
            boundary.IsEstimated,
            Mwh(withBefore ? boundary.ImportBefore : Energy.Zero),
            Mwh(withBefore ? boundary.ExportBefore : Energy.Zero),
            start,
            $"/api/v1/proofs/{boundary.Meter}/{Forms.Number(start)}");
    }

    /// <summary>The energies on the way to what is billed.</summary>
    public static BillUseDocument Use(BillUsage usage, BillAmounts amounts) => new(
        Mwh(usage.Imported),
        Mwh(usage.Exported),
        Mwh(usage.Bought),
        Mwh(usage.Sold),
        Mwh(usage.Carried),
        Mwh(amounts.Used),
        Mwh(amounts.Billed),
        Mwh(amounts.CarriedOut),
        amounts.IsProrated);

    /// <summary>A line of a bill.</summary>
    public static BillLineDocument Line(BillLine line) => new(
        System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(line.Kind.ToString()),
        line.Name,
        line.Energy is { } energy ? Mwh(energy) : null,
        line.Price is { } price ? BillingApi.Wei(price) : null,
        line.Share,
        BillingApi.Wei(line.Amount));

    private static string Mwh(Energy energy) => Forms.Number(energy.MilliwattHours);
}
