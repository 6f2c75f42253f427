using System.Buffers.Binary;

namespace Busbar.Cryptography;

/// <summary>An Ethereum address: the last 20 bytes of the keccak-256 of a public key, or a contract's place.</summary>
/// <remarks>The default value is <see cref="Zero"/>. Order is that of the bytes. Text is as EIP-55 says.</remarks>
public readonly struct Address : IEquatable<Address>, IComparable<Address>
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 20;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _third;

    /// <summary>Takes exactly 20 bytes.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public Address(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"needs {Length} bytes, got {bytes.Length}", nameof(bytes));
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>Twenty zero bytes: nobody.</summary>
    public static Address Zero => default;

    /// <summary>Whether every byte is zero.</summary>
    public bool IsZero => (_first | _second | _third) == 0;

    /// <summary>Whether both hold the same bytes.</summary>
    public static bool operator ==(Address left, Address right) => left.Equals(right);

    /// <summary>Whether they differ in a byte.</summary>
    public static bool operator !=(Address left, Address right) => !left.Equals(right);

    /// <summary>Whether the left stands before the right.</summary>
    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left stands before the right or equals it.</summary>
    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left stands after the right.</summary>
    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left stands after the right or equals it.</summary>
    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;

    /// <summary>The address of a public key given as its two coordinates, 64 bytes, without the 0x04 before them.</summary>
    /// <remarks>Whether the point lies on the curve is not looked at.</remarks>
    /// <exception cref="ArgumentException">The key is not 64 bytes long.</exception>
    public static Address FromPublicKey(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != 64)
            throw new ArgumentException($"needs 64 bytes, got {publicKey.Length}", nameof(publicKey));
        Span<byte> hash = stackalloc byte[Hash256.Length];
        Keccak256.Hash(publicKey, hash);
        return new Address(hash[12..]);
    }

    /// <summary>Reads <c>0x</c> and 40 digits; digits of mixed case must carry the EIP-55 checksum.</summary>
    /// <exception cref="FormatException">The text is not such.</exception>
    public static Address Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var address) ? address : throw new FormatException("not an address, or its checksum is wrong");

    /// <summary>Reads as <see cref="Parse"/> does; false, and zero, for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Address address)
    {
        Span<byte> bytes = stackalloc byte[Length];
        address = default;
        if (!HexText.TryDecode(text, bytes))
            return false;
        var read = new Address(bytes);
        var digits = text[2..];
        var mixed = digits.ContainsAnyInRange('a', 'f') && digits.ContainsAnyInRange('A', 'F');
        if (mixed && !text.SequenceEqual(read.ToString()))
            return false;
        address = read;
        return true;
    }

    /// <summary>Writes the 20 bytes to the start of the destination.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The destination is shorter.</exception>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _third);
    }

    /// <summary>The bytes in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(Address other) =>
        ((_first ^ other._first) | (_second ^ other._second) | (_third ^ other._third)) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Address other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_first, _second, _third);

    /// <inheritdoc/>
    public int CompareTo(Address other)
    {
        var order = _first.CompareTo(other._first);
        if (order == 0)
            order = _second.CompareTo(other._second);
        return order == 0 ? _third.CompareTo(other._third) : order;
    }

    /// <summary><c>0x</c> and 40 small digits, without checksum: for file names, topics and keys of tables.</summary>
    public string ToLowerHex()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return HexText.Encode(bytes);
    }

    /// <summary><c>0x</c> and 40 digits whose case is the EIP-55 checksum.</summary>
    public override string ToString() => string.Create(2 + (2 * Length), ToLowerHex(), static (text, lower) =>
    {
        lower.CopyTo(text);
        Span<byte> ascii = stackalloc byte[2 * Length];
        for (var i = 0; i < ascii.Length; i++)
            ascii[i] = (byte)text[i + 2];
        Span<byte> hash = stackalloc byte[Hash256.Length];
        Keccak256.Hash(ascii, hash);
        for (var i = 0; i < ascii.Length; i++)
        {
            var digit = hash[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xF;
            if (digit >= 8)
                text[i + 2] = char.ToUpperInvariant(text[i + 2]);
        }
    });
}
