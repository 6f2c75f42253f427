using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Device.Channels;

/// <summary>What a payer says to a payee who asks to be paid. A closed set.</summary>
public abstract record PayerAnswer
{
    private PayerAnswer()
    {
    }

    /// <summary>The voucher, which is on the payer's disk: the next block may flow.</summary>
    public sealed record Paid(SignedVoucher Signed) : PayerAnswer;

    /// <summary>The payee asks for more energy than came, and a block: nothing is signed.</summary>
    public sealed record NotDelivered(Energy Asked, Energy Delivered, Energy Block) : PayerAnswer;

    /// <summary>It would cost more than the person allowed for this channel: nothing is signed.</summary>
    public sealed record AboveLimit(Coin Total, Coin Limit) : PayerAnswer;

    /// <summary>It would cost more than is locked on the ledger: nothing is signed.</summary>
    public sealed record AboveLocked(Coin Total, Coin Locked) : PayerAnswer;

    /// <summary>The time for closings is over, so that no voucher is worth anything: nothing is signed.</summary>
    public sealed record TooLate(Instant Latest) : PayerAnswer;
}
