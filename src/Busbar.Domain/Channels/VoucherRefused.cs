using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Channels;

/// <summary>Why a payee does not take a voucher. A closed set.</summary>
public abstract record VoucherRefused
{
    private VoucherRefused()
    {
    }

    /// <summary>For a person.</summary>
    public abstract string Detail { get; }

    /// <summary>No such channel is open on the ledger, or not one that this desk looks after.</summary>
    public sealed record UnknownChannel(ChannelId Channel) : VoucherRefused
    {
        /// <inheritdoc />
        public override string Detail => $"no channel {Channel} is open on the ledger";
    }

    /// <summary>It is too late for the ledger to take a closing with it.</summary>
    public sealed record TooLate(Instant Latest) : VoucherRefused
    {
        /// <inheritdoc />
        public override string Detail => $"the channel could be closed until {Latest}";
    }

    /// <summary>The signature is not that of the channel's signer, or is for another channel, chain or contract.</summary>
    public sealed record WrongSigner(Address Signer) : VoucherRefused
    {
        /// <inheritdoc />
        public override string Detail => $"the signature is not that of {Signer} over this voucher, for this channel, chain and contract";
    }

    /// <summary>It is worth less than one that was taken before.</summary>
    public sealed record Lower(Coin Total, Coin TotalBefore, Energy Energy, Energy EnergyBefore) : VoucherRefused
    {
        /// <inheritdoc />
        public override string Detail =>
            $"{Total} coins for {Energy} come after {TotalBefore} coins for {EnergyBefore}: "
            + "a voucher's numbers are since the opening and never fall";
    }

    /// <summary>It promises more than the ledger has locked.</summary>
    public sealed record AboveLocked(Coin Total, Coin Locked) : VoucherRefused
    {
        /// <inheritdoc />
        public override string Detail => $"{Total} coins are promised and {Locked} are locked: top the channel up first";
    }

    /// <summary>It pays less than the agreed price for the energy that it speaks of.</summary>
    public sealed record TooLittle(Coin Total, Coin Needed) : VoucherRefused
    {
        /// <inheritdoc />
        public override string Detail => $"{Total} coins are promised and the energy costs {Needed} at the channel's price";
    }
}
