using Busbar.Cryptography;
using Busbar.Domain.Trading;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Trading;
using NodaTime;
using Asked = Busbar.Ledger.Contracts.Demands;
using Contract = Busbar.Ledger.Contracts.Board;

namespace Busbar.Node.Deliveries;

/// <summary>
/// The operator's transactions on the board: settles deliveries, several at a time, and frees what its time has left behind, so that nobody's
/// energy or money waits for a person.
/// </summary>
/// <param name="chain">The ledger.</param>
/// <param name="contracts">Where trades are settled.</param>
/// <param name="view">What the ledger says of them.</param>
/// <param name="key">The operator's.</param>
internal sealed class MarketDeeds(IChain chain, MarketContracts contracts, MarketView view, PrivateKey key)
{
    private const int MostInATransaction = 16;
    private const ulong GasForOne = 400_000;
    private const ulong GasForTransaction = 100_000;

    private static readonly Contract.SpanReport Nothing = new(default, default, default);

    /// <summary>What a delivery is settled with for good.</summary>
    /// <param name="delivery">As the ledger has it.</param>
    /// <param name="source">What the source's meter signed.</param>
    /// <param name="sink">What the buyer's meter signed; null when it was waited for in vain.</param>
    public static Contract.Settlement Settlement(BoardDelivery delivery, SignedSpan source, SignedSpan? sink) => new(
        delivery.Terms.ToWords(), (ulong)delivery.Delivered.MilliwattHours, true, Report(source), sink is null ? Nothing : Report(sink));

    /// <summary>Settles; one that the contract refuses holds up no other.</summary>
    /// <returns>The calls to be made, and for each settlement null or why there is none for it.</returns>
    public async Task<(IReadOnlyList<ChainCall> Calls, IReadOnlyList<string?> Refusals)> SettleAsync(
        IReadOnlyList<Contract.Settlement> settlements, Instant now, CancellationToken cancellation)
    {
        var calls = new List<ChainCall>();
        var refusals = new List<string?>();
        foreach (var chunk in settlements.Chunk(MostInATransaction))
        {
            var whole = Call(chunk);
            if (chunk.Length > 1 && await RefusalAsync(whole, now, cancellation) is null)
            {
                calls.Add(whole);
                refusals.AddRange(chunk.Select(_ => (string?)null));
                continue;
            }

            foreach (var one in chunk)
            {
                var single = Call([one]);
                var refusal = await RefusalAsync(single, now, cancellation);
                refusals.Add(refusal);
                if (refusal is null)
                    calls.Add(single);
            }
        }

        return (calls, refusals);
    }

    /// <summary>Frees a delivery that nobody settled in time.</summary>
    /// <returns>The call, or why the contract would not take it.</returns>
    public async Task<(ChainCall Call, string? Refusal)> ExpireAsync(DeliveryTerms terms, Instant now, CancellationToken cancellation)
    {
        var call = Single(contracts.Board, Contract.EncodeExpire(terms.ToWords()));
        return (call, await RefusalAsync(call, now, cancellation));
    }

    /// <summary>
    /// What has outlived its time: adverts and demands, offers to demands that are over, disputes that nobody decided. What the contract
    /// refuses is left out, and looked at again.
    /// </summary>
    public async Task<IReadOnlyList<ChainCall>> OutlivedAsync(Instant now, CancellationToken cancellation)
    {
        var calls = new List<ChainCall>();
        foreach (var call in Outlived(now).Take(MostInATransaction))
        {
            if (await RefusalAsync(call, now, cancellation) is null)
                calls.Add(call);
        }

        return calls;
    }

    /// <summary>Makes the calls; when it returns what became of them is final.</summary>
    public Task<IReadOnlyList<TransactionOutcome>> ExecuteAsync(IReadOnlyList<ChainCall> calls, Instant now) =>
        // Not to be cancelled: what is journaled happens, and the desk is to know of it.
        chain.ExecuteAsync(new(key, calls) { Time = now }, CancellationToken.None);

    private IEnumerable<ChainCall> Outlived(Instant now)
    {
        foreach (var advert in view.OpenAdverts.Where(advert => !advert.IsLiveAt(now)))
            yield return Single(contracts.Board, Contract.EncodeCloseAdvert(advert.Terms.ToWords()));
        foreach (var demand in view.OpenDemands.Where(demand => !demand.IsLiveAt(now)))
            yield return Single(contracts.Demands, Asked.EncodeCloseDemand(demand.Terms.ToWords()));
        foreach (var (demand, seller) in view.LeftOffers.SelectMany(demand => demand.Offers.Select(offer => (demand, offer.Seller))))
            yield return Single(contracts.Demands, Asked.EncodeWithdrawOffer(demand.Terms.ToWords(), seller));
        foreach (var delivery in view.OpenDeliveries.Where(delivery => delivery.Dispute is { } dispute && now >= dispute.Until))
            yield return Single(contracts.Board, Contract.EncodeEndDispute(delivery.Terms.ToWords()));
    }

    private async Task<string?> RefusalAsync(ChainCall call, Instant now, CancellationToken cancellation)
    {
        var preview = await chain.PreviewAsync(key.Address, call, now, cancellation);
        return preview.Succeeds ? null : ContractErrors.Describe(preview);
    }

    private ChainCall Call(IReadOnlyList<Contract.Settlement> some) =>
        new(contracts.Board, Contract.EncodeSettle(some), GasForTransaction + (GasForOne * (ulong)some.Count));

    private static ChainCall Single(Address contract, byte[] data) => new(contract, data, GasForTransaction + GasForOne);

    private static Contract.SpanReport Report(SignedSpan span) => new(span.Report.Word, span.R, span.Vs);
}
