using System.Security.Cryptography;

namespace Busbar.Cryptography;

/// <summary>AES in counter mode (NIST SP 800-38A, 6.5), which the platform lacks; encrypting and decrypting are the same.</summary>
internal static class AesCounterMode
{
    private const int BlockLength = 16;

    public static byte[] Apply(ReadOnlySpan<byte> key, ReadOnlySpan<byte> initialCounter, ReadOnlySpan<byte> input)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        Span<byte> counter = stackalloc byte[BlockLength];
        Span<byte> stream = stackalloc byte[BlockLength];
        initialCounter.CopyTo(counter);
        var output = new byte[input.Length];
        for (var i = 0; i < input.Length; i++)
        {
            if (i % BlockLength == 0)
            {
                aes.EncryptEcb(counter, stream, PaddingMode.None);
                Increment(counter);
            }

            output[i] = (byte)(input[i] ^ stream[i % BlockLength]);
        }

        CryptographicOperations.ZeroMemory(stream);
        return output;
    }

    // The whole block is the counter and wraps, as the Ethereum vector "evilnonce" asks.
    private static void Increment(Span<byte> counter)
    {
        for (var i = counter.Length - 1; i >= 0; i--)
        {
            counter[i] = unchecked((byte)(counter[i] + 1));
            if (counter[i] != 0)
                return;
        }
    }
}
