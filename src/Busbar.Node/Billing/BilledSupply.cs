using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using Busbar.Ledger.Indexing;
using Busbar.Node.Supply;

namespace Busbar.Node.Billing;

/// <summary>What the ledger's bills and payments say of supply. Thread safe.</summary>
internal sealed class BilledSupply : ISupplyFacts
{
    private readonly LedgerView _view;

    public BilledSupply(LedgerView view)
    {
        _view = view;
        _view.MoneyChanged = () => Changed?.Invoke();
    }

    public Action? Changed { get; set; }

    public IReadOnlyList<SupplyFact> All()
    {
        var serving = _view.Meters
            .Where(meter => meter is { Kind: MeterKind.Premises, Commodity: Commodity.Electricity, RetiredAt: null } && meter.Premises != default)
            .ToLookup(meter => meter.Premises, meter => meter.Meter);
        var billing = _view.Money.Billing;
        return
        [
            .. billing.Accounts.Select(account => new SupplyFact(account.Premises, [.. serving[account.Premises]], account.PaidUntil)
            {
                IsProtected = account.IsProtected,
                EmergencyUntil = billing.EmergencyUntil(account.Microgrid),
                HasSafetyTrip = account.HasSafetyTrip,
                HasTheftTrip = account.HasTheftTrip,
            }),
        ];
    }
}
