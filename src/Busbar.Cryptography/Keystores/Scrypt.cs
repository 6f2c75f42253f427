using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Busbar.Cryptography;

/// <summary>scrypt (RFC 7914) with HMAC-SHA-256. The caller bounds the cost: 128 n r bytes are taken.</summary>
internal static class Scrypt
{
    private const int WordsPerSalsaBlock = 16;

    public static byte[] DeriveKey(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int n, int r, int p, int length)
    {
        var blocks = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, checked(p * 128 * r));
        var words = 32 * r;
        var memory = GC.AllocateUninitializedArray<uint>(checked(words * n));
        try
        {
            for (var i = 0; i < p; i++)
                Mix(blocks.AsSpan(i * 128 * r, 128 * r), memory, n, words);
            return Rfc2898DeriveBytes.Pbkdf2(password, blocks, 1, HashAlgorithmName.SHA256, length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(blocks);
            Array.Clear(memory);
        }
    }

    private static void Mix(Span<byte> block, Span<uint> memory, int n, int words)
    {
        var x = new uint[words];
        var y = new uint[words];
        for (var i = 0; i < words; i++)
            x[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * i)..]);

        for (var i = 0; i < n; i++)
        {
            x.CopyTo(memory.Slice(i * words, words));
            MixBlock(x, y);
            (x, y) = (y, x);
        }

        for (var i = 0; i < n; i++)
        {
            // n is a power of two that fits an int, so the low word alone decides.
            var j = (int)(x[words - WordsPerSalsaBlock] & (uint)(n - 1));
            var row = memory.Slice(j * words, words);
            for (var k = 0; k < x.Length; k++)
                x[k] ^= row[k];
            MixBlock(x, y);
            (x, y) = (y, x);
        }

        for (var i = 0; i < words; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(block[(4 * i)..], x[i]);
    }

    private static void MixBlock(ReadOnlySpan<uint> input, Span<uint> output)
    {
        Span<uint> state = stackalloc uint[WordsPerSalsaBlock];
        input[^WordsPerSalsaBlock..].CopyTo(state);
        var count = input.Length / WordsPerSalsaBlock;
        for (var i = 0; i < count; i++)
        {
            var block = input.Slice(i * WordsPerSalsaBlock, WordsPerSalsaBlock);
            for (var k = 0; k < WordsPerSalsaBlock; k++)
                state[k] ^= block[k];
            Salsa20With8Rounds(state);
            // Even blocks go to the first half, odd ones to the second.
            var at = (i / 2) + (i % 2 == 0 ? 0 : count / 2);
            state.CopyTo(output.Slice(at * WordsPerSalsaBlock, WordsPerSalsaBlock));
        }
    }

    private static void Salsa20With8Rounds(Span<uint> s)
    {
        uint a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
        uint i = s[8], j = s[9], k = s[10], l = s[11], m = s[12], n = s[13], o = s[14], p = s[15];
        for (var round = 0; round < 8; round += 2)
        {
            Quarter(ref a, ref e, ref i, ref m);
            Quarter(ref f, ref j, ref n, ref b);
            Quarter(ref k, ref o, ref c, ref g);
            Quarter(ref p, ref d, ref h, ref l);
            Quarter(ref a, ref b, ref c, ref d);
            Quarter(ref f, ref g, ref h, ref e);
            Quarter(ref k, ref l, ref i, ref j);
            Quarter(ref p, ref m, ref n, ref o);
        }

        unchecked
        {
            s[0] += a;
            s[1] += b;
            s[2] += c;
            s[3] += d;
            s[4] += e;
            s[5] += f;
            s[6] += g;
            s[7] += h;
            s[8] += i;
            s[9] += j;
            s[10] += k;
            s[11] += l;
            s[12] += m;
            s[13] += n;
            s[14] += o;
            s[15] += p;
        }
    }

    private static void Quarter(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        unchecked
        {
            b ^= BitOperations.RotateLeft(a + d, 7);
            c ^= BitOperations.RotateLeft(b + a, 9);
            d ^= BitOperations.RotateLeft(c + b, 13);
            a ^= BitOperations.RotateLeft(d + c, 18);
        }
    }
}
