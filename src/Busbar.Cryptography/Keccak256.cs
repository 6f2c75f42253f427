using System.Buffers.Binary;

namespace Busbar.Cryptography;

/// <summary>Keccak-256 as Ethereum uses it: the padding of the Keccak submission (0x01), not that of SHA3-256 (0x06).</summary>
/// <remarks>Thread safe. Checked against the vectors of ethers.js.</remarks>
public static class Keccak256
{
    private const int Rate = 136;

    /// <summary>The hash of the bytes.</summary>
    public static Hash256 Hash(ReadOnlySpan<byte> bytes) => HashPair(bytes, []);

    /// <summary>The hash of two runs of bytes, one behind the other.</summary>
    /// <remarks>Has a name of its own, since a call with two writable spans would be taken for the form that writes to the second.</remarks>
    public static Hash256 HashPair(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Span<byte> hash = stackalloc byte[Hash256.Length];
        HashInto(first, second, hash);
        return new Hash256(hash);
    }

    /// <summary>Writes the hash of the bytes to the start of the destination, which may overlap them.</summary>
    /// <exception cref="ArgumentException">The destination has fewer than 32 bytes.</exception>
    public static void Hash(ReadOnlySpan<byte> bytes, Span<byte> destination) => HashInto(bytes, [], destination);

    private static void HashInto(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        if (destination.Length < Hash256.Length)
            throw new ArgumentException($"needs {Hash256.Length} bytes, got {destination.Length}", nameof(destination));
        Span<ulong> state = stackalloc ulong[KeccakPermutation.Lanes];
        state.Clear();
        var filled = Absorb(state, first, 0);
        filled = Absorb(state, second, filled);
        Mix(state, filled, 0x01);
        Mix(state, Rate - 1, 0x80);
        KeccakPermutation.Apply(state);
        for (var lane = 0; lane < 4; lane++)
            BinaryPrimitives.WriteUInt64LittleEndian(destination[(8 * lane)..], state[lane]);
    }

    private static int Absorb(Span<ulong> state, ReadOnlySpan<byte> bytes, int filled)
    {
        while (!bytes.IsEmpty)
        {
            if (filled % 8 == 0 && bytes.Length >= 8)
            {
                state[filled / 8] ^= BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                bytes = bytes[8..];
                filled += 8;
            }
            else
            {
                Mix(state, filled++, bytes[0]);
                bytes = bytes[1..];
            }

            if (filled == Rate)
            {
                KeccakPermutation.Apply(state);
                filled = 0;
            }
        }

        return filled;
    }

    private static void Mix(Span<ulong> state, int position, byte value) =>
        state[position / 8] ^= (ulong)value << (8 * (position % 8));
}
