using System.Security.Cryptography;

namespace Busbar.Cryptography;

/// <summary>The nonces of RFC 6979, 3.2, with HMAC-SHA-256: a function of key and digest, one after the other until one serves.</summary>
internal ref struct DeterministicNonce
{
    private readonly Span<byte> _key;
    private readonly Span<byte> _value;
    private bool _used;

    /// <summary>Starts from the key and the digest modulo the order; the state lives in the 64 bytes given, which the caller zeroes.</summary>
    public DeterministicNonce(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> reducedDigest, Span<byte> state)
    {
        _key = state[..32];
        _value = state[32..64];
        _key.Clear();
        _value.Fill(1);
        Span<byte> data = stackalloc byte[64];
        secret.CopyTo(data);
        reducedDigest.CopyTo(data[32..]);
        Mix(0, data);
        Mix(1, data);
        CryptographicOperations.ZeroMemory(data);
    }

    /// <summary>The next nonce above zero and below the order.</summary>
    public Scalar Next()
    {
        while (true)
        {
            if (_used)
                Mix(0, []);
            _used = true;
            HMACSHA256.HashData(_key, _value, _value);
            if (Scalar.Read(_value, out var nonce) && !nonce.IsZero)
                return nonce;
        }
    }

    private readonly void Mix(byte separator, ReadOnlySpan<byte> data)
    {
        Span<byte> message = stackalloc byte[33 + 64];
        _value.CopyTo(message);
        message[32] = separator;
        data.CopyTo(message[33..]);
        HMACSHA256.HashData(_key, message[..(33 + data.Length)], _key);
        HMACSHA256.HashData(_key, _value, _value);
        CryptographicOperations.ZeroMemory(message);
    }
}
