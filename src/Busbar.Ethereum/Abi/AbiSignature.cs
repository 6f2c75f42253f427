using System.Buffers.Binary;
using System.Text;
using Busbar.Cryptography;

namespace Busbar.Ethereum.Abi;

/// <summary>Turns canonical signatures such as <c>transfer(address,uint256)</c> into what stands on the wire.</summary>
public static class AbiSignature
{
    /// <summary>The first four bytes of the signature's keccak-256, big endian: the selector of a function or a custom error.</summary>
    public static uint Selector(string signature)
    {
        Span<byte> hash = stackalloc byte[Hash256.Length];
        Topic(signature).CopyTo(hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }

    /// <summary>The signature's keccak-256: the first topic of an event.</summary>
    public static Hash256 Topic(string signature) => Keccak256.Hash(Encoding.UTF8.GetBytes(signature));
}
