using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Domain.Metering;
using Busbar.Domain.Trading;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Journal;
using Busbar.Ledger.Trading;
using NodaTime;
using Contract = Busbar.Ledger.Contracts.Channels;

namespace Busbar.Node.Channels;

/// <summary>What the ledger knows of the meters of a channel, and what is told to it of their energy.</summary>
/// <param name="chain">The ledger.</param>
/// <param name="contract">The address of <c>Channels</c>.</param>
/// <param name="market">Who trades with which meter.</param>
/// <param name="key">The operator's; not disposed of.</param>
internal sealed class ChannelDeeds(IChain chain, Address contract, MarketView market, PrivateKey key)
{
    /// <summary>The meters of a channel, and the loss that is allowed between them; null when there are no two in one microgrid.</summary>
    public ChannelMeters? MetersOf(ChannelTerms terms) =>
        market.Terms is { } rules && market.Trader(terms.Payee) is { Meter: { } source } payee
        && market.Trader(terms.Payer) is { Meter: { } sink } payer && payee.Microgrid == payer.Microgrid
            ? new(payee.Microgrid, source, sink, rules.LossShare)
            : null;

    /// <summary>Takes what both meters signed of a turn off the bills of the two.</summary>
    /// <returns>Null when that is done, or was; else why it is not: the ledger does not take it, or is out of reach.</returns>
    public async Task<string?> CountAsync(
        ChannelTerms terms, DeliveryTerms turn, SignedSpan source, SignedSpan sink, Instant now, CancellationToken cancellation)
    {
        try
        {
            return await TryAsync(terms, turn, source, sink, now, cancellation);
        }
        catch (Exception away) when (away is ChainException or EngineException or StoreException)
        {
            // The meters of other deliveries do not wait for it.
            return away.Message;
        }
    }

    private async Task<string?> TryAsync(
        ChannelTerms terms, DeliveryTerms turn, SignedSpan source, SignedSpan sink, Instant now, CancellationToken cancellation)
    {
        var call = new ChannelTurn(
            terms, turn.Microgrid, turn.Source, turn.Sink, turn.Energy, turn.Before, turn.Opened, turn.Deadline, turn.LossShare)
            .CountCall(contract, source, sink);
        var preview = await chain.PreviewAsync(key.Address, call, now, cancellation);
        if (preview.RevertData is { } data && ContractErrors.Decode(data) is Contract.Errors.NothingToCount)
            return null;
        if (!preview.Succeeds)
            return ContractErrors.Describe(preview);
        // Not to be cancelled: what is journaled happens, and the desk is to know of it.
        var outcome = (await chain.ExecuteAsync(new(key, [call]) { Time = now }, CancellationToken.None))[0];
        return outcome.Succeeded ? null : outcome.Refusal ?? "the contract undid it";
    }
}

/// <summary>The meters of a channel.</summary>
/// <param name="Microgrid">Where both are.</param>
/// <param name="Source">The payee's.</param>
/// <param name="Sink">The payer's.</param>
/// <param name="LossShare">Basis points that may be lost between them.</param>
internal sealed record ChannelMeters(MicrogridId Microgrid, MeterId Source, MeterId Sink, int LossShare);
