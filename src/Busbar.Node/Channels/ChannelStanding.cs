using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Indexing;

namespace Busbar.Node.Channels;

/// <summary>Where a channel stands for its payee.</summary>
/// <param name="Channel">As the ledger has it.</param>
/// <param name="Best">The highest voucher held; null while there is none.</param>
/// <param name="MayFlow">Up to which energy since the opening the payee may deliver now; zero when nothing may flow.</param>
/// <param name="ClosesItself">Whether the payee has named this node as who closes.</param>
/// <param name="Trouble">What keeps the node from closing a channel that it should close; null when nothing does.</param>
internal sealed record ChannelStanding(LedgerChannel Channel, SignedVoucher? Best, Energy MayFlow, bool ClosesItself, string? Trouble);

/// <summary>What became of a voucher. A closed set.</summary>
internal abstract record VoucherOutcome
{
    private VoucherOutcome()
    {
    }

    /// <summary>It is on disk.</summary>
    public sealed record Taken(ChannelStanding Standing) : VoucherOutcome;

    /// <summary>It was not taken; nothing was written.</summary>
    public sealed record Refused(VoucherRefused Reason) : VoucherOutcome;
}
