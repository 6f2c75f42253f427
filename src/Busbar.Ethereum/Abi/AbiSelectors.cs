using System.Buffers.Binary;

namespace Busbar.Ethereum.Abi;

/// <summary>Finds the selector of call data and revert data.</summary>
public static class AbiSelectors
{
    /// <summary>The first four bytes, big endian; null where there are fewer.</summary>
    public static uint? Of(ReadOnlyMemory<byte> data) =>
        data.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(data.Span) : null;
}
