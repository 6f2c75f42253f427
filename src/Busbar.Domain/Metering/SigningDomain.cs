using System.Buffers.Binary;
using System.Text;
using Busbar.Cryptography;

namespace Busbar.Domain.Metering;

/// <summary>Where a signature made off the ledger holds: one chain, one deployment of the contracts.</summary>
/// <param name="ChainId">The chain's EIP-155 number.</param>
/// <param name="Deployment">The address of the <c>Meters</c> contract.</param>
public sealed record SigningDomain(ulong ChainId, Address Deployment)
{
    private const string ReadingPurpose = "Busbar Reading v1";

    /// <summary>The 32 bytes that a reading's binary form begins with, so that it holds here and for nothing else.</summary>
    public Hash256 Reading { get; } = ForPurpose(ReadingPurpose, ChainId, Deployment);

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
