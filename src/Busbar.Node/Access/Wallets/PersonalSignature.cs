using Busbar.Cryptography;

namespace Busbar.Node.Access.Wallets;

/// <summary>Signatures over text as wallets make them (EIP-191, version 0x45, <c>personal_sign</c>).</summary>
internal static class PersonalSignature
{
    /// <summary>Whether 65 bytes of hexadecimal text are an address's signature over a text.</summary>
    public static bool IsBy(Address signer, string text, string signature)
    {
        Span<byte> bytes = stackalloc byte[Signature.Length];
        if (!HexText.TryDecode(signature, bytes))
            return false;
        // Some wallets count the recovery id from 0, as the chain itself does.
        if (bytes[^1] < 2)
            bytes[^1] += 27;
        return Signature.TryFromBytes(bytes, out var read) && Secp256k1.TryRecover(PersonalMessage.HashOf(text), read, out var found) && found == signer;
    }
}
