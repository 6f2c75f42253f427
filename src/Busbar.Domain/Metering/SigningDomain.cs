using System.Buffers.Binary;
using System.Text;
using Busbar.Cryptography;

namespace Busbar.Domain.Metering;

/// <summary>Where a signature made off the ledger holds: one chain, one deployment of the contracts.</summary>
/// <remarks>Nothing of it can be changed after it was made, not by <c>with</c> either: the hash is always of what it shows.</remarks>
public sealed record SigningDomain
{
    private const string ReadingPurpose = "Busbar Reading v1";
    private const string PermitPurpose = "Busbar Permit v1";
    private const string SpanPurpose = "Busbar Span v1";
    private const string DeliveryPurpose = "Busbar Delivery v1";

    /// <summary>Names a deployment.</summary>
    /// <param name="chainId">The chain's EIP-155 number.</param>
    /// <param name="deployment">The address of the <c>Meters</c> contract.</param>
    public SigningDomain(ulong chainId, Address deployment)
    {
        ChainId = chainId;
        Deployment = deployment;
        Reading = ForPurpose(ReadingPurpose, chainId, deployment);
        Permit = ForPurpose(PermitPurpose, chainId, deployment);
        Span = ForPurpose(SpanPurpose, chainId, deployment);
        Delivery = ForPurpose(DeliveryPurpose, chainId, deployment);
    }

    /// <summary>The chain's EIP-155 number.</summary>
    public ulong ChainId { get; }

    /// <summary>The address of the <c>Meters</c> contract.</summary>
    public Address Deployment { get; }

    /// <summary>The 32 bytes that a reading's binary form begins with, so that it holds here and for nothing else.</summary>
    public Hash256 Reading { get; }

    /// <summary>The same for a permit.</summary>
    public Hash256 Permit { get; }

    /// <summary>The same for what a meter says of a delivery.</summary>
    public Hash256 Span { get; }

    /// <summary>The same for the community's orders to deliver.</summary>
    public Hash256 Delivery { get; }

    /// <summary>keccak256(abi.encode(keccak256(purpose), chain id, deployment)).</summary>
    public static Hash256 ForPurpose(string purpose, ulong chainId, Address deployment)
    {
        Span<byte> words = stackalloc byte[96];
        words.Clear();
        Keccak256.Hash(Encoding.UTF8.GetBytes(purpose), words[..32]);
        BinaryPrimitives.WriteUInt64BigEndian(words[56..64], chainId);
        deployment.CopyTo(words[76..]);
        return Keccak256.Hash(words);
    }
}
