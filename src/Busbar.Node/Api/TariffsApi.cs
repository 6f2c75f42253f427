using System.Globalization;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Node.Access;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Billing.Tariffs;
using Busbar.Node.Community;
using Contract = Busbar.Ledger.Contracts.Billing;

namespace Busbar.Node.Api;

/// <summary>Tariffs: those that are published, and one that is to be.</summary>
internal static class TariffsApi
{
    public static IReadOnlyList<TariffRow> List(NodeParts parts)
    {
        var billing = parts.Ledger!.Money.Billing;
        var users = billing.Accounts.Where(account => !account.HasEnded).CountBy(account => account.Latest.Tariff).ToDictionary();
        return [.. billing.Tariffs.Reverse().Select(tariff => TariffRow.Of(tariff, users.GetValueOrDefault(tariff.Number)))];
    }

    public static async Task<TariffCheckDocument> CheckAsync(
        NodeParts parts, NodeKeys keys, RequestAccess access, Body<TariffCheckForm> body, CancellationToken cancellation)
    {
        var form = body.Form;
        var (tariff, faults) = TariffFile.Read(Encoding.UTF8.GetBytes(form.Text!));
        if (tariff is null)
        {
            return new(
                [.. faults.Select(fault => new TariffFaultDocument(fault.Line, fault.Refused.Member, fault.Refused.Reason, fault.Refused.Detail))],
                null, null, null, null, null, null);
        }

        var ledger = tariff.ToLedger(form.Payee is { } payee ? Address.Parse(payee) : keys.Operator.Address);
        var text = TariffDocument.Write(tariff);
        var data = Contract.EncodePublishTariff(TariffForm.ToContract(ledger), Encoding.UTF8.GetBytes(text));
        return new(
            [],
            TariffSheetDocument.Of(tariff),
            LedgerTariffDocument.Of(ledger, tariff),
            text,
            HexText.Encode(data),
            await RefusalAsync(parts, access, data, cancellation),
            form.ImportMwh is { } import ? Example(tariff, form, Read(import), parts.Clock!.GetCurrentInstant()) : null);
    }

    // The contract has rules of its own, such as the least grace; it is asked as the caller, or as any regulator for who is none.
    private static async Task<string?> RefusalAsync(NodeParts parts, RequestAccess access, byte[] data, CancellationToken cancellation)
    {
        if (parts.Deployment!.Contracts.Money is not { } money)
            return "this community has no money on its ledger";
        var council = parts.Ledger!.Offices.Council;
        var from = access.Caller.Address is { } caller && council.IsRegulator(caller) ? caller : council.Regulators.FirstOrDefault()?.Account;
        if (from is not { } regulator)
            return null;
        var preview = await parts.Chain!.PreviewAsync(
            regulator, new ChainCall(money.Billing, data, null), parts.Clock!.GetCurrentInstant(), cancellation);
        return preview.Succeeds ? null : ContractErrors.Describe(preview);
    }

    private static TariffExampleDocument? Example(Tariff tariff, TariffCheckForm form, Energy imported, NodaTime.Instant now) =>
        TariffExample.Of(tariff, form.Days, imported, Read(form.ExportMwh ?? "0"), now) is { } example
            ? new(
                Forms.Text(example.Start),
                Forms.Text(example.End),
                BillForms.Use(example.Usage, example.Amounts),
                [.. BillLine.Of(tariff, example.Amounts).Select(BillForms.Line)],
                BillingApi.Wei(example.Amounts.Total))
            : null;

    private static Energy Read(string milliwattHours) => Energy.FromMilliwattHours(long.Parse(milliwattHours, CultureInfo.InvariantCulture));
}
