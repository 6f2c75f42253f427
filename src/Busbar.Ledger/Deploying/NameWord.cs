using System.Text;
using Busbar.Cryptography;

namespace Busbar.Ledger.Deploying;

/// <summary>Names as Solidity keeps them in 32 bytes: ASCII from the left, zeros behind.</summary>
public static class NameWord
{
    /// <summary>The word of a name.</summary>
    /// <exception cref="DeploymentException">The text is too long or not ASCII.</exception>
    public static Hash256 Write(string name)
    {
        if (name.Length > Hash256.Length || !Ascii.IsValid(name))
            throw new DeploymentException($"'{name}' is no name of a rule");
        Span<byte> word = stackalloc byte[Hash256.Length];
        word.Clear();
        Encoding.ASCII.GetBytes(name, word);
        return new Hash256(word);
    }

    /// <summary>The name, or the bytes in hexadecimal where they are none.</summary>
    public static string Read(Hash256 word)
    {
        var text = word.ToArray().AsSpan().TrimEnd((byte)0);
        return text.Length > 0 && !text.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Encoding.ASCII.GetString(text) : word.ToString();
    }
}
