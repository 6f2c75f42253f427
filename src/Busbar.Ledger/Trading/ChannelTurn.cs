using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Ledger.Chains;
using NodaTime;
using Contract = Busbar.Ledger.Contracts.Channels;

namespace Busbar.Ledger.Trading;

/// <summary>
/// A turn of energy that is paid through a channel: the payee's meter exports it, the payer's imports it, and both sign it as they sign a
/// delivery. It is paid by vouchers; what both signed is taken off the bills of the two.
/// </summary>
/// <param name="Channel">What pays for it.</param>
/// <param name="Microgrid">Where both meters are.</param>
/// <param name="Source">The payee's meter.</param>
/// <param name="Sink">The payer's meter.</param>
/// <param name="Energy">The most that it may deliver; not zero.</param>
/// <param name="Before">Delivered in earlier turns of the channel, so that no two turns have the same id.</param>
/// <param name="Opened">Not before the channel, whole seconds. Both meters have to be their owners' since then.</param>
/// <param name="Deadline">Nothing delivered later counts; whole seconds.</param>
/// <param name="LossShare">Basis points of what leaves the source that may be lost on the way, below 10,000.</param>
public sealed record ChannelTurn(
    ChannelTerms Channel,
    MicrogridId Microgrid,
    MeterId Source,
    MeterId Sink,
    Energy Energy,
    Energy Before,
    Instant Opened,
    Instant Deadline,
    int LossShare)
{
    private const ulong CountGas = 500_000;

    /// <summary>The turn as a delivery without a price.</summary>
    public DeliveryTerms Terms => new()
    {
        Seller = Channel.Payee,
        Buyer = Channel.Payer,
        Microgrid = Microgrid,
        Source = Source,
        Sink = Sink,
        Energy = Energy,
        Before = Before,
        Share = Coin.Zero,
        Tax = Coin.Zero,
        Opened = Opened,
        Deadline = Deadline,
        Patience = Duration.Zero,
        LossShare = LossShare,
        IsStored = false,
        Origin = Channel.Id.Value,
    };

    /// <summary>What both meters sign: the id of the delivery.</summary>
    public Hash256 Id => Terms.Id();

    /// <summary>
    /// Takes what both signed off the bills of the two: once, however often it is called; the contract refuses what changes nothing.
    /// Anyone may while the channel is open.
    /// </summary>
    /// <param name="contract">Channels.</param>
    /// <param name="source">What the payee's meter signed for this turn.</param>
    /// <param name="sink">What the payer's meter signed for this turn.</param>
    public ChainCall CountCall(Address contract, SignedSpan source, SignedSpan sink)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(sink);
        var terms = new Contract.Terms(
            Channel.Payer, Channel.Payee, Channel.Signer, Channel.Price.WeiPerKilowattHour, (ulong)Channel.Opened.ToUnixTimeSeconds());
        return new(contract, Contract.EncodeCount(terms, Terms.ToWords(), Report(source), Report(sink)), CountGas);
    }

    private static Contract.SpanReport Report(SignedSpan span) => new(span.Report.Word, span.R, span.Vs);
}
