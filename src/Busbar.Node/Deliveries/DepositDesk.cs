using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Proofs;
using Busbar.Ledger.Trading;
using Microsoft.Extensions.Logging;
using NodaTime;
using Contract = Busbar.Ledger.Contracts.Storage;

namespace Busbar.Node.Deliveries;

/// <summary>What the deposit desk stands on.</summary>
/// <param name="Chain">The ledger.</param>
/// <param name="Contracts">Its contracts.</param>
/// <param name="View">What the ledger says.</param>
/// <param name="Proofs">Proofs of readings.</param>
/// <param name="CatchUp">Indexes the blocks that are made and waits until the view has them.</param>
/// <param name="Operator">The operator's key; not disposed of.</param>
/// <param name="Length">The length of the community's intervals.</param>
/// <param name="Log">Told of refusals.</param>
internal sealed record DepositSurroundings(
    IChain Chain,
    ContractAddresses Contracts,
    LedgerView View,
    ProofMaker Proofs,
    Func<CancellationToken, Task> CatchUp,
    PrivateKey Operator,
    IntervalLength Length,
    ILogger Log);

/// <summary>
/// Credits sellers with what they put into the stores: measures each store by anchored readings, once an hour, and shares what it took in among
/// those who exported meanwhile. The ledger alone says what was done, so a crash in between repeats nothing.
/// </summary>
internal sealed partial class DepositDesk(DepositSurroundings around)
{
    private const int MostTurns = 32;
    private const ulong GasForTurn = 600_000;
    private const ulong GasForStore = 700_000;

    private static readonly Duration Pause = Duration.FromHours(1);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly ILogger _log = around.Log;

    private MarketContracts Market => around.Contracts.Market!;

    private EthereumClient Client => around.Chain.Client;

    /// <summary>Deposits whatever is due; when it returns it is on the ledger and in the view.</summary>
    /// <param name="now">The block's time on the engine.</param>
    /// <param name="cancellation">Stops between stores.</param>
    /// <returns>Stores measured.</returns>
    /// <exception cref="ChainException">The ledger is out of reach.</exception>
    public async Task<int> SettleAsync(Instant now, CancellationToken cancellation)
    {
        var made = 0;
        foreach (var store in around.View.Market.Stores)
        {
            if (await CallForAsync(store, cancellation) is not { } call)
                continue;
            var preview = await around.Chain.PreviewAsync(around.Operator.Address, call, now, cancellation);
            if (!preview.Succeeds)
            {
                LogRefused(store.Microgrid, ContractErrors.Describe(preview));
                continue;
            }

            foreach (var outcome in await around.Chain.ExecuteAsync(new(around.Operator, [call]) { Time = now }, CancellationToken.None))
            {
                if (!outcome.Succeeded)
                    LogRefused(store.Microgrid, outcome.Refusal ?? "the contract undid it");
            }

            made++;
        }

        if (made > 0)
            await around.CatchUp(CancellationToken.None);
        return made;
    }

    /// <summary>Deposits every few seconds until cancelled: the live mode.</summary>
    public async Task RunAsync(IClock clock, TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await SettleAsync(clock.GetCurrentInstant(), stopping);
            }
            catch (Exception failed) when (failed is ChainException { IsTransient: true } or EngineException)
            {
                // The ledger is out of reach: the next tick tries again.
                LogTrouble(failed.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task<ChainCall?> CallForAsync(StoreLevel store, CancellationToken cancellation)
    {
        var ends = EndsAfter(store);
        if (ends is not { } end || await IntervalAsync(store.Microgrid, end, cancellation) is not { } closing
            || closing.Of(store.Meter) is not { Reading: not null } measured)
        {
            return null;
        }

        var known = await Contract.StoreOfAsync(Client, Market.Storage, store.Microgrid.Number, BlockTag.Latest, cancellation);
        var registers = measured.Leaf.Closing;
        var intake = Energy.FromMilliwattHours(registers.Import.MilliwattHours - (long)known.ImportRegister);
        var sent = Energy.FromMilliwattHours(registers.Export.MilliwattHours - (long)known.ExportRegister);
        if (intake < StoreShares.Least)
            return null;
        var opening = await IntervalAsync(store.Microgrid, store.MeasuredAt, cancellation);
        var turns = opening is null ? [] : await TurnsAsync(store, intake, sent, opening, closing, cancellation);
        return new(
            Market.Storage,
            Contract.EncodeDeposit(store.Microgrid.Number, ProvenReadingForm.ForStorage(measured), turns),
            GasForStore + (GasForTurn * (ulong)turns.Count));
    }

    // The newest anchored end, an hour or more after the store was measured last.
    private Instant? EndsAfter(StoreLevel store) =>
        around.View.Anchors(store.Microgrid, before: null, limit: 1) is [var newest] && newest.Start + around.Length.Duration >= store.MeasuredAt + Pause
            ? newest.Start + around.Length.Duration
            : null;

    private async Task<IReadOnlyList<Contract.Turn>> TurnsAsync(
        StoreLevel store, Energy intake, Energy sent, IntervalProofs opening, IntervalProofs closing, CancellationToken cancellation)
    {
        var rules = await StoreRules.ReadAsync(Client, around.Contracts.Council, store.Microgrid, cancellation);
        var level = store.Level + rules.LessStoring(intake);
        var arrived = rules.LessDelivering(sent);
        level = level > arrived ? level - arrived : Energy.Zero;
        var outstanding = Energy.FromMilliwattHours(
            (long)await Contract.OutstandingOfAsync(Client, Market.Storage, store.Microgrid.Number, BlockTag.Latest, cancellation));
        var room = level - rules.Minimum - outstanding;
        if (level > rules.Maximum || room <= Energy.Zero)
            return [];
        var sellers = new List<Candidate>();
        foreach (var meter in around.View.Meters)
        {
            if (await CandidateAsync(meter, store, rules, opening, closing, cancellation) is { } candidate)
                sellers.Add(candidate);
        }

        var chosen = sellers.OrderByDescending(one => one.Claim.Exported).Take(MostTurns).ToArray();
        var shares = StoreShares.Share(intake, room, rules.StorageLoss, [.. chosen.Select(one => one.Claim)]);
        return
        [
            .. chosen.Zip(shares).Where(pair => pair.Second > Energy.Zero).Select(pair => new Contract.Turn(
                pair.First.Seller,
                pair.First.Premises,
                (ulong)pair.Second.MilliwattHours,
                ProvenReadingForm.ForStorage(pair.First.Opening),
                ProvenReadingForm.ForStorage(pair.First.Closing))),
        ];
    }

    private async Task<Candidate?> CandidateAsync(
        MeterRegistration meter, StoreLevel store, StoreRules rules, IntervalProofs opening, IntervalProofs closing, CancellationToken cancellation)
    {
        var mayBe = meter is { RetiredAt: null, Kind: not (MeterKind.Transformer or MeterKind.Storage), Commodity: Commodity.Electricity }
            && meter.Microgrid == store.Microgrid && meter.RegisteredAt <= store.MeasuredAt && MaySell(meter.Participant);
        if (!mayBe || opening.Of(meter.Meter) is not { Reading: not null } from || closing.Of(meter.Meter) is not { Reading: not null } to)
            return null;
        var use = await Contract.UseOfAsync(Client, Market.Storage, meter.Meter.Key, BlockTag.Latest, cancellation);
        var exported = to.Leaf.Closing.Export.MilliwattHours - Math.Max(from.Leaf.Closing.Export.MilliwattHours, (long)use.Exported);
        if (exported < StoreShares.Least.MilliwattHours)
            return null;
        var credit = around.View.Market.Credit(store.Microgrid, meter.Participant);
        var holds = credit.Free + credit.Committed;
        var room = rules.MemberMaximum > holds ? rules.MemberMaximum - holds : Energy.Zero;
        return new(meter.Participant, meter.Premises.Value, new(Energy.FromMilliwattHours(exported), room), from, to);
    }

    private bool MaySell(Address account) => !account.IsZero && around.View.Offices.Members.Find(account) is
    { RemovedAt: null, Role: ParticipantRole.Producer or ParticipantRole.Prosumer };

    // The interval that ends at an instant, in its newest anchored version.
    private async Task<IntervalProofs?> IntervalAsync(MicrogridId microgrid, Instant end, CancellationToken cancellation)
    {
        var (start, version) = (end - around.Length.Duration, 0);
        while (around.View.Anchor(microgrid, start, version + 1) is not null)
            version++;
        return version == 0 ? null : await around.Proofs.IntervalAsync(microgrid, start, version, cancellation);
    }

    private sealed record Candidate(Address Seller, Hash256 Premises, StoreClaim Claim, ProofDocument Opening, ProofDocument Closing);

    [LoggerMessage(1671, LogLevel.Warning, "The store of microgrid {Microgrid} was not measured: {Reason}")]
    private partial void LogRefused(MicrogridId microgrid, string reason);

    [LoggerMessage(1672, LogLevel.Warning, "Deposits wait: {Trouble}")]
    private partial void LogTrouble(string trouble);
}
