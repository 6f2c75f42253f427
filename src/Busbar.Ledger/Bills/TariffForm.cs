using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.Abi;
using Contract = Busbar.Ledger.Contracts.Billing;

namespace Busbar.Ledger.Bills;

/// <summary>A tariff between the domain and the contract.</summary>
public static class TariffForm
{
    private const int HeadLength = 17 * AbiWriter.WordLength;

    /// <summary>The contract's struct.</summary>
    public static Contract.Tariff ToContract(LedgerTariff tariff)
    {
        ArgumentNullException.ThrowIfNull(tariff);
        return new(
            tariff.Document,
            tariff.Payee,
            tariff.ValidFrom,
            tariff.ValidUntil,
            tariff.DueSeconds,
            tariff.GraceSeconds,
            tariff.NominalSeconds,
            (UInt128)tariff.FixedCharge.Wei,
            (UInt128)tariff.MinimumCharge.Wei,
            tariff.ExportPrice.WeiPerKilowattHour,
            tariff.CarriesEnergy,
            [.. tariff.BandPrices.Select(price => price.WeiPerKilowattHour)],
            [.. tariff.Slabs.Select(slab => new Contract.Slab(slab.UpTo, slab.Price.WeiPerKilowattHour, (UInt128)slab.FixedCharge.Wei))],
            [.. tariff.Taxes.Select(tax => new Contract.TaxLine(tax.Name, tax.Share, tax.PerKilowattHour.WeiPerKilowattHour))]);
    }

    /// <summary>The domain's record of the contract's struct.</summary>
    public static LedgerTariff FromContract(Contract.Tariff tariff)
    {
        ArgumentNullException.ThrowIfNull(tariff);
        return new()
        {
            Document = tariff.Document,
            Payee = tariff.Payee,
            ValidFrom = tariff.ValidFrom,
            ValidUntil = tariff.ValidUntil,
            DueSeconds = tariff.DueSeconds,
            GraceSeconds = tariff.GraceSeconds,
            NominalSeconds = tariff.NominalSeconds,
            FixedCharge = Coin.FromWei(tariff.FixedCharge),
            MinimumCharge = Coin.FromWei(tariff.MinimumCharge),
            ExportPrice = Price.FromWeiPerKilowattHour(tariff.ExportPrice),
            CarriesEnergy = tariff.CarriesEnergy,
            BandPrices = [.. tariff.BandPrices.Select(Price.FromWeiPerKilowattHour)],
            Slabs = [.. tariff.Slabs.Select(slab => new LedgerSlab(slab.UpTo, Price.FromWeiPerKilowattHour(slab.Price), Coin.FromWei(slab.FixedCharge)))],
            Taxes = [.. tariff.Taxes.Select(tax => new LedgerTaxLine(tax.Name, tax.Share, Price.FromWeiPerKilowattHour(tax.PerKilowattHour)))],
        };
    }

    /// <summary>abi.encode of the contract's struct: what a bill brings along.</summary>
    public static byte[] Encode(LedgerTariff tariff)
    {
        var writer = new AbiWriter(AbiWriter.WordLength);
        ToContract(tariff).WriteAbi(writer.BeginTuple(HeadLength));
        return writer.ToArray();
    }

    /// <summary>What the contract knows it by: keccak-256 of <see cref="Encode"/>.</summary>
    public static Hash256 Hash(LedgerTariff tariff) => Keccak256.Hash(Encode(tariff));
}
