using System.Numerics;

namespace Busbar.Cryptography.Tests;

/// <summary>Numbers of 256 bits to try arithmetic on.</summary>
internal static class Numerals
{
    /// <summary>Numbers about the ends of limbs of 52 and 64 bits and about the modulus, all below it.</summary>
    public static IEnumerable<BigInteger> Edges(BigInteger modulus)
    {
        var near = new[] { 0, 52, 64, 104, 128, 156, 192, 208, 255 }.Select(bits => BigInteger.Pow(2, bits)).Append(modulus).Append(modulus / 2);
        return near.SelectMany(number => new[] { number - 1, number, number + 1 }).Where(number => number < modulus).Distinct();
    }

    public static IEnumerable<BigInteger> Draw(int count, BigInteger modulus) => Enumerable.Range(0, count)
        .Select(i => new BigInteger(Keccak256.Hash(BitConverter.GetBytes(i)).ToArray(), isUnsigned: true, isBigEndian: true) % modulus);

    public static BigInteger Modulo(BigInteger number, BigInteger modulus) => ((number % modulus) + modulus) % modulus;

    public static byte[] ToBytes(BigInteger number)
    {
        var bytes = new byte[32];
        var written = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        written.CopyTo(bytes, bytes.Length - written.Length);
        return bytes;
    }
}
