using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Domain.Tests.Testing;
using Busbar.Ledger.Bills;
using Busbar.Node.Tests.Testing;
using Contract = Busbar.Ledger.Contracts.Billing;

namespace Busbar.Node.Tests.Billing;

/// <summary>The domain's arithmetic of bills against the contract's on a real EVM, over random tariffs and usages.</summary>
public sealed class BillDifferentialTests(BilledVillage shared) : IClassFixture<BilledVillage>
{
    private const int Cases = 400;

    [EngineFact]
    public async Task Charge_RandomTariffsAndUsages_EveryLineAsTheContractComputesIt()
    {
        var community = await shared.CommunityAsync();
        var (client, billing) = (community.Node.Chain.Client, community.Node.Contracts.Money!.Billing);
        var compared = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new RandomBilling(seed);
            var (tariff, usage) = (random.OnLedger(), random.Usage());
            // Sums beyond 63 bits are refused here, and are no energy that a meter could count.
            if (BillArithmetic.Compute(tariff, usage) is not { Amounts: { } amounts })
                continue;
            compared++;

            var charges = await Contract.ChargeAsync(client, billing, TariffForm.ToContract(tariff), Words(usage));

            Assert.Equal(Expected(amounts), Actual(charges));
        }

        Assert.True(compared > Cases * 9 / 10, $"only {compared} of {Cases} could be computed");
    }

    [EngineFact]
    public async Task Hash_TariffAsItIsEncodedHere_IsTheContracts()
    {
        var community = await shared.CommunityAsync();
        var published = Assert.Single(community.Node.Parts.Ledger!.Money.Billing.Tariffs);

        var kept = await Contract.TariffOfAsync(community.Node.Chain.Client, community.Node.Contracts.Money!.Billing, published.Number);

        Assert.Equal(kept.Hash, TariffForm.Hash(published.Tariff));
    }

    [EngineFact]
    public async Task Boundary_OfEachAccount_IsWhatTheContractKeeps()
    {
        var community = await shared.CommunityAsync();
        foreach (var account in community.Node.Parts.Ledger!.Money.Billing.Accounts)
        {
            var kept = await Contract.BoundaryOfAsync(
                community.Node.Chain.Client, community.Node.Contracts.Money!.Billing, account.Premises.Value);

            Assert.Equal(kept, account.Latest.Hash());
            Assert.Equal(account.Latest, PeriodBoundary.Read(account.Latest.ToWords()));
        }
    }

    private static Contract.Usage Words(in BillUsage usage) => new(
        (ulong)usage.Seconds,
        Word(usage.Imported),
        Word(usage.Exported),
        [Word(usage.Bands.First), Word(usage.Bands.Second), Word(usage.Bands.Third), Word(usage.Bands.Fourth)],
        Word(usage.Bought),
        Word(usage.Sold),
        Word(usage.Carried),
        usage.IsLast);

    private static ulong Word(Energy energy) => (ulong)energy.MilliwattHours;

    private static string Expected(BillAmounts amounts) => string.Join(
        ' ',
        amounts.Billed.MilliwattHours,
        amounts.BilledBands.First.MilliwattHours,
        amounts.BilledBands.Second.MilliwattHours,
        amounts.BilledBands.Third.MilliwattHours,
        amounts.BilledBands.Fourth.MilliwattHours,
        amounts.EnergyCharge.Wei,
        amounts.BandCharge.Wei,
        amounts.FixedCharge.Wei,
        amounts.TopUp.Wei,
        string.Join(' ', amounts.Taxes.Select(tax => tax.Wei)),
        amounts.ExportCredit.Wei,
        amounts.CarriedOut.MilliwattHours,
        amounts.Total.Wei);

    private static string Actual(Contract.Charges charges) => string.Join(
        ' ',
        charges.Billed,
        string.Join(' ', charges.BilledBands),
        charges.EnergyCharge,
        charges.BandCharge,
        charges.FixedCharge,
        charges.TopUp,
        string.Join(' ', charges.Taxes),
        charges.ExportCredit,
        charges.CarriedOut,
        charges.Total);
}
