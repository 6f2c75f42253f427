using System.Buffers.Binary;
using Busbar.Cryptography;

namespace Busbar.Domain.Channels;

/// <summary>Where vouchers hold: one chain, one <c>Channels</c> contract. Immutable. Source: EIP-712.</summary>
public sealed record ChannelDomain
{
    /// <summary>The domain's name.</summary>
    public const string Name = "Busbar Channels";

    /// <summary>The domain's version.</summary>
    public const string Version = "1";

    private static readonly Hash256 Type = Hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"u8);

    /// <summary>Names a contract.</summary>
    /// <param name="chainId">The chain's EIP-155 number.</param>
    /// <param name="contract">The address of <c>Channels</c>.</param>
    public ChannelDomain(ulong chainId, Address contract)
    {
        (ChainId, Contract) = (chainId, contract);
        Span<byte> words = stackalloc byte[160];
        words.Clear();
        Type.CopyTo(words);
        Hash("Busbar Channels"u8).CopyTo(words[32..]);
        Hash("1"u8).CopyTo(words[64..]);
        BinaryPrimitives.WriteUInt64BigEndian(words[120..], chainId);
        contract.CopyTo(words[140..]);
        Separator = Keccak256.Hash(words);
    }

    /// <summary>The chain's EIP-155 number.</summary>
    public ulong ChainId { get; }

    /// <summary>The address of <c>Channels</c>.</summary>
    public Address Contract { get; }

    /// <summary>What binds a signature to this chain and contract.</summary>
    public Hash256 Separator { get; }

    private static Hash256 Hash(ReadOnlySpan<byte> text) => Keccak256.Hash(text);
}
