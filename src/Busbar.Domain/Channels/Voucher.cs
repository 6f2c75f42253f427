using System.Buffers.Binary;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;

namespace Busbar.Domain.Channels;

/// <summary>What the payer of a channel owes; the latest voucher is worth all earlier ones together.</summary>
/// <param name="Channel">Of which channel.</param>
/// <param name="Total">Owed since the opening; not negative.</param>
/// <param name="Energy">Delivered since the opening; not negative.</param>
public sealed record Voucher(ChannelId Channel, Coin Total, Energy Energy)
{
    private static readonly Hash256 Type = Keccak256.Hash("Voucher(bytes32 channel,uint256 total,uint64 energy)"u8);

    /// <summary>What is signed (EIP-712).</summary>
    /// <exception cref="InvalidOperationException">Total or energy is negative.</exception>
    public Hash256 Digest(ChannelDomain domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (Total < Coin.Zero || Energy < Energy.Zero)
            throw new InvalidOperationException($"a voucher of {Total} coins for {Energy} is none");
        Span<byte> words = stackalloc byte[128];
        words.Clear();
        Type.CopyTo(words);
        Channel.Value.CopyTo(words[32..]);
        BinaryPrimitives.WriteInt128BigEndian(words[80..], Total.Wei);
        BinaryPrimitives.WriteInt64BigEndian(words[120..], Energy.MilliwattHours);
        Span<byte> whole = stackalloc byte[66];
        whole[0] = 0x19;
        whole[1] = 0x01;
        domain.Separator.CopyTo(whole[2..]);
        Keccak256.Hash(words, whole[34..]);
        return Keccak256.Hash(whole);
    }
}

/// <summary>A voucher with a signature.</summary>
/// <param name="Voucher">What was signed.</param>
/// <param name="Signature">secp256k1 over the voucher's digest.</param>
public sealed record SignedVoucher(Voucher Voucher, Signature Signature)
{
    /// <summary>Signs a voucher.</summary>
    public static SignedVoucher Sign(Voucher voucher, ChannelDomain domain, PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(voucher);
        ArgumentNullException.ThrowIfNull(key);
        return new(voucher, key.Sign(voucher.Digest(domain)));
    }

    /// <summary>Whether it is the signer's, for this chain and contract; a high s is refused, as by the contract.</summary>
    public bool IsGenuine(ChannelDomain domain, Address signer) => Secp256k1.Verify(Voucher.Digest(domain), Signature, signer);

    /// <summary>The second word of the short form (EIP-2098) that the contract takes: s with the parity above it.</summary>
    /// <exception cref="InvalidOperationException">s is high: no contract of ours takes it in any form.</exception>
    public Hash256 ShortProof
    {
        get
        {
            Span<byte> bytes = stackalloc byte[Hash256.Length];
            Signature.S.CopyTo(bytes);
            if (bytes[0] >= 0x80)
                throw new InvalidOperationException("a high s has no short form");
            bytes[0] |= (byte)(Signature.RecoveryId << 7);
            return new(bytes);
        }
    }
}
