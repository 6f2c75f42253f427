using System.Numerics;
using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using NodaTime;
using Contract = Busbar.Ledger.Contracts.Channels;

namespace Busbar.Node.Channels;

/// <summary>Channels on the community's chain, closed with the node's own key.</summary>
/// <param name="chain">The ledger.</param>
/// <param name="contract">The address of <c>Channels</c>.</param>
/// <param name="view">What its events say.</param>
/// <param name="catchUp">Indexes the blocks that are made and waits until the view has them.</param>
/// <param name="key">Closes; not disposed of.</param>
/// <param name="clock">The community's clock, which an engine's blocks follow.</param>
internal sealed class ChainChannels(
    IChain chain, Address contract, ChannelsView view, Func<CancellationToken, Task> catchUp, PrivateKey key, IClock clock) : IChannelLedger
{
    private const ulong Gas = 200_000;

    public IReadOnlyList<LedgerChannel> All => view.All;

    public Address Closer => key.Address;

    public LedgerChannel? Find(ChannelId id) => view.Find(id);

    public bool MayClose(Address payee) => view.MayClose(payee, Closer);

    public async Task<string?> CloseAsync(ChannelTerms terms, SignedVoucher signed, CancellationToken cancellation)
    {
        var call = new ChainCall(contract, Encode(terms, signed), Gas);
        var time = Instant.FromUnixTimeSeconds(clock.GetCurrentInstant().ToUnixTimeSeconds());
        var preview = await chain.PreviewAsync(Closer, call, time, cancellation);
        if (!preview.Succeeds)
            return ContractErrors.Describe(preview);
        // Not to be cancelled: what is journaled happens, and the desk is to know of it.
        var outcome = (await chain.ExecuteAsync(new(key, [call]) { Time = time }, CancellationToken.None))[0];
        await catchUp(CancellationToken.None);
        return outcome.Succeeded ? null : outcome.Refusal ?? "the contract undid it";
    }

    /// <summary>The call that closes.</summary>
    internal static byte[] Encode(ChannelTerms terms, SignedVoucher signed) => Contract.EncodeClose(
        new(terms.Payer, terms.Payee, terms.Signer, terms.Price.WeiPerKilowattHour, (ulong)terms.Opened.ToUnixTimeSeconds()),
        (BigInteger)signed.Voucher.Total.Wei,
        (ulong)signed.Voucher.Energy.MilliwattHours,
        signed.Signature.R,
        signed.ShortProof);
}
