using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Ledger.Indexing;

namespace Busbar.Node.Channels;

/// <summary>The ledger, as far as channels go. Safe for concurrent callers.</summary>
internal interface IChannelLedger
{
    /// <summary>Every channel that ever was, newest first.</summary>
    IReadOnlyList<LedgerChannel> All { get; }

    /// <summary>The account that closes.</summary>
    Address Closer { get; }

    /// <summary>The channel of an id, or null when it was never opened.</summary>
    LedgerChannel? Find(ChannelId id);

    /// <summary>Whether the payee has named <see cref="Closer"/>, or is it.</summary>
    bool MayClose(Address payee);

    /// <summary>Closes with a voucher. When it returns, the channel is over on the ledger and here, or nothing was done.</summary>
    /// <returns>Null when it is over; else why the ledger does not take it.</returns>
    /// <exception cref="Ledger.Chains.ChainException">The ledger is out of reach.</exception>
    /// <exception cref="Ledger.Engine.EngineException">The ledger's engine is out of order.</exception>
    Task<string?> CloseAsync(ChannelTerms terms, SignedVoucher signed, CancellationToken cancellation);
}
