namespace Busbar.Cryptography;

/// <summary>How much work guessing one password costs: scrypt's n, with r = 8, and p.</summary>
/// <param name="N">scrypt's n: a power of two; 1024 n bytes of memory are taken.</param>
/// <param name="P">scrypt's p: how often the work is done, one after the other.</param>
public sealed record KeystoreCost(int N, int P)
{
    internal const int R = 8;

    /// <summary>n = 2^17, p = 1: 128 MiB, about half a second on a small computer. For servers and people's keys.</summary>
    public static KeystoreCost Standard { get; } = new(1 << 17, 1);

    /// <summary>n = 2^12, p = 6: 4 MiB. For meters and other devices with little memory and long random passwords.</summary>
    public static KeystoreCost Light { get; } = new(1 << 12, 6);
}
