using System.Collections.Concurrent;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Microsoft.Extensions.Logging;
using NodaTime;
using Contract = Busbar.Ledger.Contracts.Billing;
using PaymentsContract = Busbar.Ledger.Contracts.Payments;

namespace Busbar.Node.Billing;

/// <summary>
/// Brings accounts and bills to the ledger when their time has come: an account at the first anchored reading under a tariff, a bill at
/// the end of each period, and payment from what was set aside. The ledger alone says what was done, so a crash in between repeats nothing.
/// </summary>
internal sealed partial class BillingDesk(BillingSurroundings around) : IDisposable
{
    private const int MostInATransaction = 24;
    private const ulong GasForOne = 600_000;
    private const ulong GasForTransaction = 100_000;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly ILogger _log = around.Log;
    private readonly BillDrafts _drafts = new(around);
    private readonly BillingPeriods _periods = new(around.Zone);
    private readonly ConcurrentDictionary<PremisesId, BillingRefusal> _refused = new();

    /// <summary>What could not be done when it was tried last.</summary>
    public IReadOnlyCollection<BillingRefusal> Refused => [.. _refused.Values];

    private MoneyView Money => around.View.Money;

    /// <summary>Does everything that is due; when it returns it is on the ledger, indexed, and in the view.</summary>
    /// <param name="now">The block's time on the engine.</param>
    /// <param name="cancellation">Stops between transactions.</param>
    /// <returns>Transactions made.</returns>
    public async Task<int> SettleAsync(Instant now, CancellationToken cancellation)
    {
        if (around.Contracts.Money is null)
            return 0;
        await _gate.WaitAsync(cancellation);
        try
        {
            await around.Applied(cancellation);
            if (Money.Billing.Tariffs.Count == 0)
                return 0;
            var made = await OpenAsync(now, cancellation);
            made += await BillAsync(now, cancellation);
            return made + await CollectAsync(now, cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Settles every few seconds until cancelled: the live mode.</summary>
    public async Task RunAsync(IClock clock, TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await SettleAsync(clock.GetCurrentInstant(), stopping);
            }
            catch (ChainException failed) when (failed.IsTransient)
            {
                // The ledger is out of reach: the next tick tries again.
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>The tariff that new accounts begin with: the newest that holds.</summary>
    internal PublishedTariff? TariffFor(Instant now) => Money.Billing.Tariffs.LastOrDefault(tariff => tariff.Tariff.HoldsAt(now));

    private async Task<int> OpenAsync(Instant now, CancellationToken cancellation)
    {
        if (TariffFor(now) is not { } tariff)
            return 0;
        var inputs = new List<(PremisesId, Contract.OpeningInput)>();
        foreach (var meter in around.View.Meters)
        {
            if (meter is not { Kind: MeterKind.Premises, Commodity: Commodity.Electricity, RetiredAt: null } || meter.Premises == default
                || Money.Billing.Find(meter.Premises) is not null || inputs.Exists(input => input.Item1 == meter.Premises))
            {
                continue;
            }

            var (input, lacking) = await _drafts.OpeningAsync(meter, tariff, cancellation);
            if (input is not null)
                inputs.Add((meter.Premises, input));
            else
                Refuse(meter.Premises, lacking!, now);
        }

        return await SendAsync(around.Contracts.Money!.Billing, inputs, Contract.EncodeOpen, now, cancellation);
    }

    private async Task<int> BillAsync(Instant now, CancellationToken cancellation)
    {
        var made = 0;
        // One period after the other: a node that was away makes up for several.
        while (true)
        {
            var inputs = new List<(PremisesId, Contract.BillInput)>();
            foreach (var account in Money.Billing.Accounts.Where(account => !account.HasEnded))
            {
                var tariff = Money.Billing.Tariff(account.Latest.Tariff);
                var end = _periods.EndOf(account, tariff?.Tariff);
                var isLast = LeftAt(account) is { } left && left <= end;
                if (isLast)
                    end = LeftAt(account)!.Value;
                if (tariff is null || end > now || end <= account.Latest.Begun)
                    continue;
                var (input, lacking) = await _drafts.BillAsync(account, tariff, end, isLast, now, cancellation);
                if (input is not null)
                    inputs.Add((account.Premises, input));
                else
                    Refuse(account.Premises, lacking!, now);
            }

            var sent = await SendAsync(around.Contracts.Money!.Billing, inputs, Contract.EncodeIssue, now, cancellation);
            made += sent;
            if (sent == 0)
                return made;
        }
    }

    // Where the meter went to other premises: the end of the interval in which it did. One that was only taken down is to be exchanged.
    private Instant? LeftAt(PremisesAccount account)
    {
        var meter = account.Latest.Meter;
        if (around.View.Find(meter) is not { } serving || serving.Premises == account.Premises)
            return null;
        var span = around.View.Meters.LastOrDefault(span => span.Meter == meter && span.Premises == account.Premises);
        return span?.RetiredAt is { } retired ? around.Length.EndAtOrAfter(retired) : null;
    }

    private async Task<int> CollectAsync(Instant now, CancellationToken cancellation)
    {
        var payments = around.Contracts.Money!.Payments;
        var calls = new List<ChainCall>();
        foreach (var account in Money.Billing.Accounts.Where(account => account.Debt > Coin.Zero))
        {
            foreach (var payer in Money.Vault.PayersOf(payments, account.Premises.Value))
            {
                var call = new ChainCall(payments, PaymentsContract.EncodeCollect(account.Premises.Value, payer), GasForOne);
                var preview = await around.Chain.PreviewAsync(around.Operator.Address, call, now, cancellation);
                if (preview.Succeeds)
                    calls.Add(call);
                else
                    Refuse(account.Premises, ContractErrors.Describe(preview), now);
            }
        }

        if (calls.Count > 0)
            await ExecuteAsync(calls, now, cancellation);
        return calls.Count;
    }

    private async Task<int> SendAsync<T>(
        Cryptography.Address contract, List<(PremisesId Premises, T Input)> inputs, Func<IReadOnlyList<T>, byte[]> encode, Instant now, CancellationToken cancellation)
    {
        var calls = new List<ChainCall>();
        foreach (var chunk in inputs.Chunk(MostInATransaction))
        {
            var whole = Call(chunk);
            if ((await around.Chain.PreviewAsync(around.Operator.Address, whole, now, cancellation)).Succeeds)
            {
                Done(chunk);
                calls.Add(whole);
                continue;
            }

            // One that does not pass must not hold up the others.
            foreach (var one in chunk)
            {
                var single = Call([one]);
                var preview = await around.Chain.PreviewAsync(around.Operator.Address, single, now, cancellation);
                if (preview.Succeeds)
                {
                    Done([one]);
                    calls.Add(single);
                }
                else
                {
                    Refuse(one.Premises, ContractErrors.Describe(preview), now);
                }
            }
        }

        if (calls.Count > 0)
            await ExecuteAsync(calls, now, cancellation);
        return calls.Count;

        ChainCall Call(IReadOnlyList<(PremisesId Premises, T Input)> some) =>
            new(contract, encode([.. some.Select(one => one.Input)]), GasForTransaction + (GasForOne * (ulong)some.Count));

        void Done(IEnumerable<(PremisesId Premises, T Input)> some)
        {
            foreach (var (premises, _) in some)
                _refused.TryRemove(premises, out BillingRefusal? _);
        }
    }

    private async Task ExecuteAsync(IReadOnlyList<ChainCall> calls, Instant now, CancellationToken cancellation)
    {
        foreach (var outcome in await around.Chain.ExecuteAsync(new(around.Operator, calls) { Time = now }, cancellation))
        {
            if (!outcome.Succeeded)
                LogFailed(outcome.Hash.ToString(), outcome.Refusal ?? "the contract undid it");
        }

        // The transactions are final: what is read of them is not for a cancellation to stop.
        await around.Indexer.CatchUpAsync(CancellationToken.None);
        await around.Applied(cancellation);
    }

    private void Refuse(PremisesId premises, string reason, Instant now)
    {
        if (!_refused.TryGetValue(premises, out var before) || before.Reason != reason)
            LogRefused(premises.ToString(), reason);
        _refused[premises] = new(premises, reason, now);
    }

    [LoggerMessage(2301, LogLevel.Information, "No bill yet for {Premises}: {Reason}")]
    private partial void LogRefused(string premises, string reason);

    [LoggerMessage(2302, LogLevel.Warning, "The transaction {Hash} of the billing desk failed: {Reason}")]
    private partial void LogFailed(string hash, string reason);
}
