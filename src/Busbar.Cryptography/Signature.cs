using System.Runtime.InteropServices;

namespace Busbar.Cryptography;

/// <summary>A recoverable secp256k1 signature: r, s and which of the two points r stands for.</summary>
/// <remarks>
/// Only the shape is looked at here; numbers out of range, or a high s, are refused where the signature is used.
/// The default value verifies for nobody.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Signature
{
    /// <summary>The length in bytes on the wire: r, s, v.</summary>
    public const int Length = 65;

    /// <summary>Puts a signature together.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The recovery id is neither 0 nor 1.</exception>
    public Signature(Hash256 r, Hash256 s, int recoveryId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(recoveryId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(recoveryId, 1);
        R = r;
        S = s;
        RecoveryId = recoveryId;
    }

    /// <summary>The x coordinate of the nonce's point modulo the group order, big endian.</summary>
    public Hash256 R { get; }

    /// <summary>The proof, big endian.</summary>
    public Hash256 S { get; }

    /// <summary>The parity of the nonce's point, 0 or 1; v on the wire is 27 more.</summary>
    public int RecoveryId { get; }

    /// <summary>Reads r, s and v (0, 1, 27 or 28) from exactly 65 bytes.</summary>
    /// <exception cref="FormatException">The length or v is another.</exception>
    public static Signature FromBytes(ReadOnlySpan<byte> bytes) =>
        TryFromBytes(bytes, out var signature) ? signature : throw new FormatException("not r, s and v (0, 1, 27 or 28) in 65 bytes");

    /// <summary>Reads as <see cref="FromBytes"/> does; false for anything else.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out Signature signature)
    {
        signature = default;
        if (bytes.Length != Length || bytes[64] is not (0 or 1 or 27 or 28))
            return false;
        signature = new Signature(new Hash256(bytes[..32]), new Hash256(bytes[32..64]), bytes[64] >= 27 ? bytes[64] - 27 : bytes[64]);
        return true;
    }

    /// <summary>Writes r, s and v (27 or 28) to the start of the destination.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The destination has fewer than 65 bytes.</exception>
    public void WriteTo(Span<byte> destination)
    {
        R.CopyTo(destination);
        S.CopyTo(destination[32..]);
        destination[64] = (byte)(27 + RecoveryId);
    }

    /// <summary>The 65 bytes in a new array, v being 27 or 28.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        WriteTo(bytes);
        return bytes;
    }

    /// <summary><c>0x</c> and the 65 bytes.</summary>
    public override string ToString() => HexText.Encode(ToArray());
}
