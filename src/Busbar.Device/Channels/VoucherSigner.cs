using Busbar.Cryptography;
using Busbar.Domain.Channels;

namespace Busbar.Device.Channels;

/// <summary>Signs vouchers with a key that stays where it is.</summary>
/// <param name="Account">The address of the key.</param>
/// <param name="Sign">Signs a voucher for where it has to hold.</param>
public sealed record VoucherSigner(Address Account, Func<Voucher, ChannelDomain, SignedVoucher> Sign)
{
    /// <summary>Signs with a key; not disposed of.</summary>
    public static VoucherSigner Of(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(key.Address, (voucher, domain) => SignedVoucher.Sign(voucher, domain, key));
    }
}
