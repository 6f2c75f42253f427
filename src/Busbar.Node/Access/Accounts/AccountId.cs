using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Busbar.Cryptography;

namespace Busbar.Node.Access.Accounts;

/// <summary>Random names and secrets, and the hash under which a secret is stored.</summary>
internal static class AccountId
{
    /// <summary>128 random bits: names something, is no secret.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>256 random bits as 43 characters.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>A random secret needs no slow hash: nobody guesses 128 bits and more.</summary>
    public static Hash256 HashOf(string secret) => new(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
