using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Billing;

/// <summary>
/// A tariff as people know it from their bill, in coins, kilowatt-hours and civil time. <see cref="TariffRules.Check"/> tells whether it
/// may be used; the ledger's form and the canonical text are derived from it.
/// </summary>
public sealed record Tariff
{
    /// <summary>What it is called, on bills too.</summary>
    public required string Name { get; init; }

    /// <summary>What a coin is called on its bills, such as NPR; null is the community's own word.</summary>
    public string? Currency { get; init; }

    /// <summary>The zone of its civil time.</summary>
    public required DateTimeZone Zone { get; init; }

    /// <summary>The first day on which a period may begin by it.</summary>
    public required LocalDate ValidFrom { get; init; }

    /// <summary>The first day on which none may any more; null is without end.</summary>
    public LocalDate? ValidUntil { get; init; }

    /// <summary>Who is paid; null is whom the community names when it publishes the tariff.</summary>
    public Address? Payee { get; init; }

    /// <summary>From a bill until it is due, in whole seconds.</summary>
    public Duration Due { get; init; }

    /// <summary>From the due date until the permit ends, in whole seconds.</summary>
    public Duration Grace { get; init; }

    /// <summary>The period that charges and slabs are meant for, in whole seconds; zero means that they are never prorated.</summary>
    public Duration Period { get; init; }

    /// <summary>What each bill has, whatever was used.</summary>
    public Coin FixedCharge { get; init; }

    /// <summary>The least that a bill's charges come to.</summary>
    public Coin MinimumCharge { get; init; }

    /// <summary>The slabs, ascending; the last is without limit. Empty where only rate bands or fixed charges count.</summary>
    public ValueList<Slab> Slabs { get; init; } = [];

    /// <summary>The rate bands: the first whose times an instant is in is its band; the last is for all other times.</summary>
    public ValueList<RateBand> Bands { get; init; } = [];

    /// <summary>The seasons that the bands name.</summary>
    public ValueList<Season> Seasons { get; init; } = [];

    /// <summary>The days of the week's end.</summary>
    public ValueList<IsoDayOfWeek> Weekend { get; init; } = [IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday];

    /// <summary>The holidays, ascending: days that are neither weekdays nor of the weekend.</summary>
    public ValueList<LocalDate> Holidays { get; init; } = [];

    /// <summary>What is paid for exported energy.</summary>
    public Price ExportPrice { get; init; }

    /// <summary>Whether exported energy is carried over as energy; what is left when the account ends is paid at the export price.</summary>
    public bool CarriesEnergy { get; init; }

    /// <summary>The tax lines, in the order in which a bill shows them.</summary>
    public ValueList<TaxLine> Taxes { get; init; } = [];

    /// <summary>The form that the ledger keeps; its document is the hash of <see cref="TariffDocument.Write"/>.</summary>
    /// <param name="payee">Who is paid where the tariff does not say.</param>
    /// <exception cref="ArgumentException">The tariff does not keep to <see cref="TariffRules"/>.</exception>
    public LedgerTariff ToLedger(Address payee)
    {
        if (TariffRules.Check(this) is [var refused, ..])
            throw new ArgumentException($"{refused.Member}: {refused.Detail}", nameof(payee));
        Span<Price> bands = stackalloc Price[LedgerTariff.Bands];
        for (var band = 0; band < Bands.Count; band++)
            bands[band] = Bands[band].Price;
        return new()
        {
            Document = Keccak256.Hash(System.Text.Encoding.UTF8.GetBytes(TariffDocument.Write(this))),
            Payee = Payee ?? payee,
            ValidFrom = Second(ValidFrom),
            ValidUntil = ValidUntil is { } until ? Second(until) : 0,
            DueSeconds = Seconds(Due),
            GraceSeconds = Seconds(Grace),
            NominalSeconds = Seconds(Period),
            FixedCharge = FixedCharge,
            MinimumCharge = MinimumCharge,
            ExportPrice = ExportPrice,
            CarriesEnergy = CarriesEnergy,
            BandPrices = [.. bands],
            Slabs = [.. Slabs.Select(slab => slab.ToLedger())],
            Taxes = [.. Taxes.Select(tax => tax.ToLedger())],
        };
    }

    private static uint Seconds(Duration duration) => (uint)(duration.BclCompatibleTicks / NodaConstants.TicksPerSecond);

    private ulong Second(LocalDate date) => (ulong)Zone.AtStartOfDay(date).ToInstant().ToUnixTimeSeconds();
}
