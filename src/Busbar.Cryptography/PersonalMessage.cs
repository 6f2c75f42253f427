using System.Globalization;
using System.Text;

namespace Busbar.Cryptography;

/// <summary>Text that a person signs (EIP-191, version 0x45, <c>personal_sign</c>): it can never be a transaction.</summary>
public static class PersonalMessage
{
    /// <summary>What is signed for a text.</summary>
    public static Hash256 HashOf(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var prefix = Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"\u0019Ethereum Signed Message:\n{bytes.Length}"));
        return Keccak256.HashPair(prefix, bytes);
    }
}
