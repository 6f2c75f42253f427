using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Busbar.Node.Notifications.Push;

/// <summary>Encrypts a push message for one browser (RFC 8291) as one record of <c>aes128gcm</c> (RFC 8188).</summary>
internal static class PushEncryption
{
    /// <summary>The length of an uncompressed P-256 point.</summary>
    public const int PointLength = 65;

    /// <summary>The length of the browser's secret.</summary>
    public const int AuthLength = 16;

    /// <summary>The longest message: services take bodies of 4096 bytes (RFC 8030, 7.2); 86 are the header, 17 tag and delimiter.</summary>
    public const int LongestMessage = 4096 - 86 - 17;

    private const int SaltLength = 16;
    private const int TagLength = 16;
    private const int RecordSize = 4096;
    private const byte LastRecord = 2;

    /// <summary>Encrypts for a browser with a key and a salt of this message alone.</summary>
    /// <exception cref="CryptographicException">The browser's key is no point of the curve.</exception>
    public static byte[] Encrypt(ReadOnlySpan<byte> message, ReadOnlySpan<byte> browserKey, ReadOnlySpan<byte> auth)
    {
        using var sender = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(message, browserKey, auth, sender, RandomNumberGenerator.GetBytes(SaltLength));
    }

    /// <summary>Encrypts with a given key and salt.</summary>
    internal static byte[] Encrypt(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> browserKey, ReadOnlySpan<byte> auth, ECDiffieHellman sender, ReadOnlySpan<byte> salt)
    {
        if (message.Length > LongestMessage)
            throw new ArgumentException($"a push message has at most {LongestMessage} bytes", nameof(message));
        using var browser = ECDiffieHellman.Create(Point(browserKey));
        var senderKey = Bytes(sender.PublicKey.ExportParameters());
        var shared = sender.DeriveRawSecretAgreement(browser.PublicKey);
        byte[] info = [.. "WebPush: info\0"u8, .. browserKey, .. senderKey];
        var input = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, auth.ToArray(), info);
        CryptographicOperations.ZeroMemory(shared);
        return Record(message, input, salt, senderKey);
    }

    /// <summary>One record of RFC 8188 with its header.</summary>
    internal static byte[] Record(ReadOnlySpan<byte> message, byte[] input, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> keyId)
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 16, salt.ToArray(), Encoding.ASCII.GetBytes("Content-Encoding: aes128gcm\0"));
        var nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 12, salt.ToArray(), Encoding.ASCII.GetBytes("Content-Encoding: nonce\0"));
        var header = SaltLength + sizeof(uint) + 1 + keyId.Length;
        var body = new byte[header + message.Length + 1 + TagLength];
        salt.CopyTo(body);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(SaltLength), RecordSize);
        body[SaltLength + sizeof(uint)] = (byte)keyId.Length;
        keyId.CopyTo(body.AsSpan(SaltLength + sizeof(uint) + 1));
        byte[] plain = [.. message, LastRecord];
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(nonce, plain, body.AsSpan(header, plain.Length), body.AsSpan(header + plain.Length));
        return body;
    }

    /// <summary>A point from its 65 bytes, as parameters.</summary>
    /// <exception cref="CryptographicException">The form is wrong; whether it lies on the curve is found when it is used.</exception>
    internal static ECParameters Point(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != PointLength || bytes[0] != 4)
            throw new CryptographicException("a P-256 key is 65 bytes that begin with 4");
        return new()
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = bytes[1..33].ToArray(), Y = bytes[33..].ToArray() },
        };
    }

    /// <summary>Whether bytes are a point of the curve.</summary>
    internal static bool IsKey(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var key = ECDiffieHellman.Create(Point(bytes));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    internal static byte[] Bytes(ECParameters key) => [4, .. key.Q.X!, .. key.Q.Y!];
}
