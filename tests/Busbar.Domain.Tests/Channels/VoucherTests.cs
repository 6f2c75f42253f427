using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Domain.Tests.Testing;

namespace Busbar.Domain.Tests.Channels;

public sealed class VoucherTests
{
    private static readonly ChannelDomain Domain = new(31337, new(Enumerable.Repeat((byte)7, 20).ToArray()));

    [Fact]
    public void Digest_VectorsThatTheContractIsHeldTo_SameDigestAndSignature()
    {
        var vectors = ContractVectors.Read("vouchers.json")["vouchers"]!.AsArray();
        Assert.Equal(12, vectors.Count);
        foreach (var vector in vectors)
        {
            var domain = new ChannelDomain(ulong.Parse(vector!["chainId"]!.ToString(), CultureInfo.InvariantCulture), Parse(vector, "deployment"));
            var voucher = Read(vector);
            Assert.Equal(ContractVectors.Hash(vector, "digest"), voucher.Digest(domain));
            using var key = PrivateKey.FromBytes(HexText.Decode((string)vector["key"]!));
            var signed = SignedVoucher.Sign(voucher, domain, key);
            Assert.Equal((string)vector["signature"]!, signed.Signature.ToString());
            Assert.True(signed.IsGenuine(domain, Parse(vector, "signer")));
        }
    }

    [Fact]
    public void IsGenuine_AnythingElse_No()
    {
        using var key = PrivateKey.FromSeed([1]);
        var voucher = new Voucher(new(Keccak256.Hash([1])), Coin.FromWei((Int128)5), Energy.FromMilliwattHours(6));
        var signed = SignedVoucher.Sign(voucher, Domain, key);

        Assert.True(signed.IsGenuine(Domain, key.Address));
        Assert.False(signed.IsGenuine(Domain, new(new byte[20])));
        Assert.False(signed.IsGenuine(new(1, Domain.Contract), key.Address));
        Assert.False(signed.IsGenuine(new(Domain.ChainId, key.Address), key.Address));
        Assert.False((signed with { Voucher = voucher with { Channel = new(Keccak256.Hash([2])) } }).IsGenuine(Domain, key.Address));
        Assert.False((signed with { Voucher = voucher with { Total = Coin.FromWei((Int128)6) } }).IsGenuine(Domain, key.Address));
        Assert.False((signed with { Voucher = voucher with { Energy = Energy.FromMilliwattHours(5) } }).IsGenuine(Domain, key.Address));
        Assert.False((signed with { Signature = High(signed.Signature) }).IsGenuine(Domain, key.Address));
    }

    [Fact]
    public void ShortProof_BothParities_AboveTheSameS()
    {
        using var key = PrivateKey.FromSeed([1]);
        var parities = new HashSet<int>();
        for (var total = 0; total < 40; total++)
        {
            var signed = SignedVoucher.Sign(new(new(Hash256.Zero), Coin.FromWei((Int128)total), Energy.Zero), Domain, key);
            var bytes = new byte[32];
            signed.ShortProof.CopyTo(bytes);
            Assert.Equal(signed.Signature.RecoveryId, bytes[0] >> 7);
            bytes[0] &= 0x7f;
            Assert.Equal(signed.Signature.S, new Hash256(bytes));
            parities.Add(signed.Signature.RecoveryId);
        }

        Assert.Equal(2, parities.Count);
    }

    [Fact]
    public void ShortProof_HighS_Throws()
    {
        using var key = PrivateKey.FromSeed([1]);
        var signed = SignedVoucher.Sign(new(new(Hash256.Zero), Coin.Zero, Energy.Zero), Domain, key);
        Assert.Throws<InvalidOperationException>(() => (signed with { Signature = High(signed.Signature) }).ShortProof);
    }

    [Fact]
    public void Digest_Negative_Throws()
    {
        var voucher = new Voucher(new(Hash256.Zero), Coin.Zero, Energy.Zero);
        Assert.Throws<InvalidOperationException>(() => (voucher with { Total = Coin.FromWei((Int128)(-1)) }).Digest(Domain));
        Assert.Throws<InvalidOperationException>(() => (voucher with { Energy = Energy.FromMilliwattHours(-1) }).Digest(Domain));
    }

    // n - s, and the other parity: the same signature to an ECDSA that does not look.
    private static Signature High(Signature low)
    {
        var order = BigInteger.Parse(
            "0fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var s = new byte[32];
        low.S.CopyTo(s);
        var high = order - new BigInteger(s, isUnsigned: true, isBigEndian: true);
        return new(low.R, new Hash256(high.ToByteArray(isUnsigned: true, isBigEndian: true)), 1 - low.RecoveryId);
    }

    private static Address Parse(JsonNode vector, string name) => Address.Parse((string)vector[name]!);

    private static Voucher Read(JsonNode vector) => new(
        new(ContractVectors.Hash(vector, "channel")),
        Coin.FromWei(Int128.Parse((string)vector["total"]!, CultureInfo.InvariantCulture)),
        Energy.FromMilliwattHours(long.Parse((string)vector["energy"]!, CultureInfo.InvariantCulture)));
}
