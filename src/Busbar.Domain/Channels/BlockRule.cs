using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Channels;

/// <summary>
/// How a payee and a payer take turns: energy flows in blocks, and each block that was delivered is answered by a voucher before the next
/// one flows. So a payer who vanishes has had at most one block that is not paid, and a payee who vanishes has been paid for nothing that
/// was not delivered. Immutable.
/// </summary>
public sealed record BlockRule
{
    /// <summary>A block of 10 Wh.</summary>
    public static readonly Energy DefaultBlock = Energy.FromMilliwattHours(10_000);

    /// <summary>A rule with a block.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The block is not above zero.</exception>
    public BlockRule(Energy block)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(block, Energy.Zero);
        Block = block;
    }

    /// <summary>The rule with <see cref="DefaultBlock"/>.</summary>
    public static BlockRule Default { get; } = new(DefaultBlock);

    /// <summary>What may flow ahead of the vouchers.</summary>
    public Energy Block { get; }

    /// <summary>Up to which energy since the opening the payee may deliver; zero when nothing may flow.</summary>
    /// <param name="channel">As the ledger has it.</param>
    /// <param name="best">The highest voucher taken; null while there is none.</param>
    /// <param name="now">The time.</param>
    public Energy MayFlow(OpenChannel channel, Voucher? best, Instant now)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (now >= channel.End)
            return Energy.Zero;
        var answered = best?.Energy ?? Energy.Zero;
        var next = answered > Energy.FromMilliwattHours(long.MaxValue) - Block ? answered : answered + Block;
        // What is locked has to reach: a block that nobody could pay for is not begun.
        return Cost(channel.Terms.Price, next) <= channel.Locked ? next : Affordable(channel, next);
    }

    /// <summary>Whether a payee may take a voucher; null when so.</summary>
    /// <param name="channel">As the ledger has it.</param>
    /// <param name="signed">The voucher.</param>
    /// <param name="best">The highest voucher taken before; null while there is none.</param>
    /// <param name="domain">Where the signature has to hold.</param>
    /// <param name="now">The time.</param>
    public static VoucherRefused? Check(OpenChannel channel, SignedVoucher signed, Voucher? best, ChannelDomain domain, Instant now)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(signed);
        var voucher = signed.Voucher;
        if (voucher.Channel != channel.Id)
            return new VoucherRefused.UnknownChannel(voucher.Channel);
        if (now > channel.LastClosing)
            return new VoucherRefused.TooLate(channel.LastClosing);
        if (best is not null && (voucher.Total < best.Total || voucher.Energy < best.Energy))
            return new VoucherRefused.Lower(voucher.Total, best.Total, voucher.Energy, best.Energy);
        if (voucher.Total > channel.Locked)
            return new VoucherRefused.AboveLocked(voucher.Total, channel.Locked);
        if (Cost(channel.Terms.Price, voucher.Energy) is var needed && voucher.Total < needed)
            return new VoucherRefused.TooLittle(voucher.Total, needed);
        return signed.IsGenuine(domain, channel.Terms.Signer) ? null : new VoucherRefused.WrongSigner(channel.Terms.Signer);
    }

    /// <summary>The most energy, below one that costs too much, that what is locked pays for.</summary>
    private static Energy Affordable(OpenChannel channel, Energy tooMuch)
    {
        var (low, high) = (0L, tooMuch.MilliwattHours - 1);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (Cost(channel.Terms.Price, Energy.FromMilliwattHours(middle)) <= channel.Locked)
                low = middle;
            else
                high = middle - 1;
        }

        return Energy.FromMilliwattHours(low);
    }

    /// <summary>The cost, or all coin where it is beyond that: more than is ever locked.</summary>
    private static Coin Cost(Price price, Energy energy)
    {
        try
        {
            return price.CostFloor(energy);
        }
        catch (OverflowException)
        {
            return Coin.Most;
        }
    }
}
