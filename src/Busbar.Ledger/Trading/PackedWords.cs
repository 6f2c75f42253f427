using System.Buffers.Binary;
using Busbar.Cryptography;

namespace Busbar.Ledger.Trading;

/// <summary>Words of 256 bits in which contracts keep several numbers side by side; bytes are counted from the highest.</summary>
internal readonly struct PackedWords
{
    private readonly byte[] _form;

    /// <summary>Words of zero.</summary>
    public PackedWords(int count) => _form = new byte[count * Hash256.Length];

    /// <summary>Words that an event told.</summary>
    /// <exception cref="ArgumentException">There are not so many.</exception>
    public PackedWords(IReadOnlyList<Hash256> words, int count)
    {
        ArgumentNullException.ThrowIfNull(words);
        if (words.Count != count)
            throw new ArgumentException($"{words.Count} words, not {count}", nameof(words));
        _form = new byte[count * Hash256.Length];
        for (var word = 0; word < count; word++)
            words[word].CopyTo(_form.AsSpan(word * Hash256.Length));
    }

    public Address AddressAt(int word) => new(_form.AsSpan(word * Hash256.Length, Address.Length));

    public void Set(int word, Address address) => address.CopyTo(_form.AsSpan(word * Hash256.Length));

    public Hash256 HashAt(int word) => new(_form.AsSpan(word * Hash256.Length, Hash256.Length));

    public void Set(int word, Hash256 hash) => hash.CopyTo(_form.AsSpan(word * Hash256.Length));

    /// <summary>A number of up to 16 bytes.</summary>
    public UInt128 NumberAt(int word, int from, int length)
    {
        Span<byte> wide = stackalloc byte[16];
        wide.Clear();
        _form.AsSpan((word * Hash256.Length) + from, length).CopyTo(wide[(16 - length)..]);
        return BinaryPrimitives.ReadUInt128BigEndian(wide);
    }

    public void Set(int word, int from, int length, UInt128 number)
    {
        Span<byte> wide = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(wide, number);
        if (wide[..(16 - length)].ContainsAnyExcept((byte)0))
            throw new OverflowException($"{number} does not fit into {length} bytes");
        wide[(16 - length)..].CopyTo(_form.AsSpan((word * Hash256.Length) + from));
    }

    /// <summary>The words, as a call brings them.</summary>
    public IReadOnlyList<Hash256> ToWords()
    {
        var words = new Hash256[_form.Length / Hash256.Length];
        for (var word = 0; word < words.Length; word++)
            words[word] = HashAt(word);
        return words;
    }

    /// <summary>Keccak-256 of the words: what the ledger names them by.</summary>
    public Hash256 Id() => Keccak256.Hash(_form);
}
