using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Billing;

/// <summary>A tariff as the ledger has it: all that a bill is computed from, and the hash of the text that people read.</summary>
public sealed record LedgerTariff
{
    /// <summary>The most slabs.</summary>
    public const int MostSlabs = 12;

    /// <summary>The most tax lines.</summary>
    public const int MostTaxes = 6;

    /// <summary>How many rate bands there are; fewer are used by leaving the last ones free.</summary>
    public const int Bands = 4;

    /// <summary>keccak-256 of the tariff's canonical text.</summary>
    public required Hash256 Document { get; init; }

    /// <summary>Who is paid.</summary>
    public required Address Payee { get; init; }

    /// <summary>The first second in which it holds, Unix time.</summary>
    public required ulong ValidFrom { get; init; }

    /// <summary>The first second in which it no longer holds, Unix time; 0 is without end.</summary>
    public ulong ValidUntil { get; init; }

    /// <summary>From a bill until it is due, in seconds.</summary>
    public uint DueSeconds { get; init; }

    /// <summary>From the due date until the permit ends, in seconds.</summary>
    public uint GraceSeconds { get; init; }

    /// <summary>The period that charges and slabs are meant for, in seconds; 0 means that they are never prorated.</summary>
    public uint NominalSeconds { get; init; }

    /// <summary>What each bill has, whatever was used.</summary>
    public Coin FixedCharge { get; init; }

    /// <summary>The least that a bill's charges come to.</summary>
    public Coin MinimumCharge { get; init; }

    /// <summary>What is paid for exported energy.</summary>
    public Price ExportPrice { get; init; }

    /// <summary>Whether exported energy is carried over as energy, not paid for.</summary>
    public bool CarriesEnergy { get; init; }

    /// <summary>The price of each of the four bands, on top of the slabs; all zero when there are no bands.</summary>
    public ValueList<Price> BandPrices { get; init; } = [default, default, default, default];

    /// <summary>The slabs, ascending; the last is without limit. May be empty.</summary>
    public ValueList<LedgerSlab> Slabs { get; init; } = [];

    /// <summary>The tax lines, in the order in which a bill shows them.</summary>
    public ValueList<LedgerTaxLine> Taxes { get; init; } = [];

    /// <summary>Whether it has rate bands: any of them costs something.</summary>
    public bool HasBands => !BandPrices[0].IsZero || !BandPrices[1].IsZero || !BandPrices[2].IsZero || !BandPrices[3].IsZero;

    /// <summary>Whether a period that begins at an instant is billed by it.</summary>
    public bool HoldsAt(Instant instant)
    {
        var second = instant.ToUnixTimeSeconds();
        return second >= 0 && (ulong)second >= ValidFrom && (ValidUntil == 0 || (ulong)second < ValidUntil);
    }

    /// <summary>The first member in which two tariffs differ, by its name in a tariff's text; null when they are the same.</summary>
    public string? DifferenceTo(LedgerTariff other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this == other ? null
            : Document != other.Document ? "document"
            : Payee != other.Payee ? "payee"
            : ValidFrom != other.ValidFrom ? "validFrom"
            : ValidUntil != other.ValidUntil ? "validUntil"
            : DueSeconds != other.DueSeconds ? "due"
            : GraceSeconds != other.GraceSeconds ? "grace"
            : NominalSeconds != other.NominalSeconds ? "period"
            : FixedCharge != other.FixedCharge ? "fixedCharge"
            : MinimumCharge != other.MinimumCharge ? "minimumCharge"
            : ExportPrice != other.ExportPrice || CarriesEnergy != other.CarriesEnergy ? "export"
            : !BandPrices.Equals(other.BandPrices) ? "bands"
            : !Slabs.Equals(other.Slabs) ? "slabs"
            : "taxes";
    }
}

/// <summary>A slab as the ledger has it.</summary>
/// <param name="UpTo">The energy of a period, in mWh and from its first, up to which it reaches, inclusive.</param>
/// <param name="Price">The price of the energy inside it.</param>
/// <param name="FixedCharge">The fixed charge of a period whose energy ends in it.</param>
public readonly record struct LedgerSlab(ulong UpTo, Price Price, Coin FixedCharge)
{
    /// <summary>The limit of the last slab: none.</summary>
    public const ulong Unlimited = ulong.MaxValue;
}

/// <summary>A tax line as the ledger has it.</summary>
/// <param name="Name">Its name in UTF-8, filled up with zeros.</param>
/// <param name="Share">Of the charges, in basis points: 10,000 are the whole.</param>
/// <param name="PerKilowattHour">For each kilowatt-hour billed.</param>
public readonly record struct LedgerTaxLine(Hash256 Name, ushort Share, Price PerKilowattHour);
