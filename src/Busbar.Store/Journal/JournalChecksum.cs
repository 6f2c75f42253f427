using System.Numerics;
using System.Runtime.InteropServices;

namespace Busbar.Store.Journal;

/// <summary>
/// CRC-32C over a journal's row and the checksum of the row before it, so that a row that is changed, lost, doubled or moved
/// breaks the chain. It finds accidents of the disk; it does not stop someone who means to cheat.
/// </summary>
internal static class JournalChecksum
{
    /// <summary>What stands before the first row.</summary>
    public const uint Start = 0xffff_ffff;

    public static uint Chain(uint previous, long key, int count, long epoch, ReadOnlySpan<byte> blob)
    {
        var checksum = BitOperations.Crc32C(previous, unchecked((ulong)key));
        checksum = BitOperations.Crc32C(checksum, unchecked((uint)count));
        checksum = BitOperations.Crc32C(checksum, unchecked((ulong)epoch));
        var words = MemoryMarshal.Cast<byte, ulong>(blob);
        foreach (var word in words)
            checksum = BitOperations.Crc32C(checksum, BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word));
        foreach (var rest in blob[(words.Length * sizeof(ulong))..])
            checksum = BitOperations.Crc32C(checksum, rest);
        return checksum;
    }
}
