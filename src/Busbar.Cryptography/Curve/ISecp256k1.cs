namespace Busbar.Cryptography;

/// <summary>What the room needs from the curve; numbers are 32 bytes big endian, points 64 bytes (x, y), r|s 64 bytes.</summary>
/// <remarks>Implementations are thread safe. Spans must have exactly the length named.</remarks>
internal interface ISecp256k1
{
    string Name { get; }

    /// <summary>Whether there are 32 bytes, above zero and below the group order.</summary>
    bool IsValidPrivateKey(ReadOnlySpan<byte> secret);

    void CreatePublicKey(ReadOnlySpan<byte> secret, Span<byte> publicKey);

    /// <summary>RFC 6979, low s; returns the recovery id, 0 or 1.</summary>
    int Sign(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> digest, Span<byte> proof);

    /// <summary>Takes high s as well as low.</summary>
    bool TryRecover(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> proof, int recoveryId, Span<byte> publicKey);

    /// <summary>Takes high s as well as low.</summary>
    bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> proof, ReadOnlySpan<byte> publicKey);
}
