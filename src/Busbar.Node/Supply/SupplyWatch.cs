using System.Threading.Channels;
using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using Busbar.Domain.Quantities;
using Busbar.Domain.Supply;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Journal;
using Busbar.Node.Billing;
using Busbar.Node.Community;
using Busbar.Node.Notifications;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Supply;

/// <summary>Has households told that their supply will end, has ended, and is back.</summary>
internal sealed partial class SupplyWatch(
    NotificationDesk desk, SupplyDesk supply, LedgerView view, ContractAddresses contracts, HouseDirectory houses, BillCauses bills,
    IClock clock, TimeProvider time, ILogger<SupplyWatch> logger)
{
    private const int MostWaiting = 10_000;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    // Of whom it is known without a look at the disk that they are warned. Each loop below has its own.
    private readonly HashSet<NotificationId> _warned = [];
    private readonly HashSet<MeterId> _ended = [];

    // What does not fit is left out; the meter tells its state again when it connects.
    private readonly Channel<(MeterId Meter, SupplyTold Told)> _stated = Channel.CreateBounded<(MeterId, SupplyTold)>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Tells what is found until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        supply.Stated = (meter, told) => _stated.Writer.TryWrite((meter, told));
        try
        {
            await Task.WhenAll(WarnAsync(stopping), TellStatesAsync(stopping));
        }
        finally
        {
            supply.Stated = null;
        }
    }

    /// <summary>Warns whom it is time to warn. Not to be called beside <see cref="RunAsync"/>, which does so each minute.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var now = clock.GetCurrentInstant();
        foreach (var account in view.Money.Billing.Accounts)
        {
            if (Warned(account, now) is { } premises && PermitWarning.Of(premises, now) is { } warning && !_warned.Contains(warning.Id)
                && await RaiseAsync(warning, cancellation))
            {
                _warned.Add(warning.Id);
            }
        }

        if (_warned.Count > MostWaiting * 10)
            _warned.Clear();
    }

    private async Task WarnAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
            await LookAsync(stopping);
        while (await timer.WaitForNextTickAsync(stopping));
    }

    // Null for whom nothing ends the supply.
    private WarnedPremises? Warned(PremisesAccount account, Instant now)
    {
        if (account.HasEnded || account.IsProtected || account.PaidUntil is not { } until || view.Money.Billing.EmergencyUntil(account.Microgrid) > now)
            return null;
        var end = supply.TripAfter(until);
        if (end - now > PermitWarning.Earliest)
            return null;
        var premises = new WarnedPremises(bills.Told(account), end, account.Debt);
        if (!account.IsPrepaid)
            return premises;
        // The first day is given before it is known what a day costs: who has set money aside is not to be frightened.
        return account.Reached.Count == 1 && account.Reached[0].Ahead == Duration.FromDays(1) && SetAside(account) > account.Debt
            ? null
            : premises with { Prepaid = account.Reached };
    }

    private Coin SetAside(PremisesAccount account) =>
        contracts.Money is { } money && view.Offices.Members.HolderOf(account.Premises) is { } holder
            ? view.Money.Vault.LockedFor(money.Payments, holder, account.Premises.Value)
            : Coin.Zero;

    private async Task TellStatesAsync(CancellationToken stopping)
    {
        await foreach (var (meter, told) in _stated.Reader.ReadAllAsync(stopping))
        {
            if (view.Find(meter) is not { } registered
                || view.Money.Billing.Find(registered.Premises) is not { PaidUntil: var until } account)
            {
                continue;
            }

            var now = clock.GetCurrentInstant();
            var name = houses.Find(meter)?.Name ?? meter.ToString();
            if (told is { Relay: RelayState.Open, SupplyReason: SupplyReason.PermitEnded } && until is not null)
            {
                if (_ended.Add(meter))
                    await RaiseAsync(BillingCauses.SupplyEnded(bills.Told(account), name, EndOf(account), account.Debt, now), stopping);
            }
            else if (told.Relay == RelayState.Closed && _ended.Remove(meter))
            {
                await RaiseAsync(BillingCauses.SupplyBack(bills.Told(account), meter, name, told.Permit ?? 0, now), stopping);
            }
        }
    }

    // The end of prepaid supply moves with each day's bill; the occasion does not.
    private static Instant EndOf(PremisesAccount account) =>
        account.IsPrepaid ? PermitWarning.Occasion(account.Reached, 1) : account.PaidUntil!.Value;

    private async Task<bool> RaiseAsync(Notification notification, CancellationToken cancellation)
    {
        try
        {
            await desk.RaiseAsync(notification, cancellation);
            return true;
        }
        catch (StoreException trouble) when (trouble.IsTransient)
        {
            // A warning is raised again with the next look.
            LogNotTold(trouble.Message);
            return false;
        }
    }

    [LoggerMessage(1621, LogLevel.Warning, "A notification of supply was not stored: {Trouble}")]
    private partial void LogNotTold(string trouble);
}
