namespace Busbar.Ledger.Exploring;

/// <summary>What a decoded value means, so that a page can show it with its unit.</summary>
public enum ValueHint
{
    /// <summary>Not told.</summary>
    None = 0,

    /// <summary>A plain number; the text is decimal.</summary>
    Number,

    /// <summary>Energy or a register in milliwatt-hours; the text is decimal.</summary>
    MilliwattHours,

    /// <summary>An instant; the text is Unix seconds, the label ISO 8601 in UTC.</summary>
    Instant,

    /// <summary>A length of time; the text is seconds.</summary>
    Seconds,

    /// <summary>Constant loss; the text is milliwatts.</summary>
    Milliwatts,

    /// <summary>Loss that grows with the load; the text is microwatts for each square kilowatt.</summary>
    MicrowattsPerSquareKilowatt,

    /// <summary>Parts of ten thousand.</summary>
    BasisPoints,

    /// <summary>An account or contract; the text has EIP-55's capitals, the label is its name when it is one of ours.</summary>
    Address,

    /// <summary>32 bytes that name something: a hash, a digest, a premises.</summary>
    Hash,

    /// <summary>A rule or directory entry; the text is its name.</summary>
    Name,

    /// <summary>A number that stands for a word; the label is the word.</summary>
    Choice,

    /// <summary>Yes or no: <c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>Bytes; the text is hexadecimal.</summary>
    Bytes,

    /// <summary>Words.</summary>
    Text,

    /// <summary>A list; what it is of are the members.</summary>
    List,

    /// <summary>Several values with names; they are the members.</summary>
    Group,
}

/// <summary>A value of a call, an event or an error.</summary>
/// <param name="Name">The name as the contract has it; an element of a list has its place, from 0.</param>
/// <param name="Type">The ABI type.</param>
/// <param name="Text">The value; empty for lists and groups.</param>
/// <param name="Hint">What it means.</param>
public sealed record DecodedValue(string Name, string Type, string Text, ValueHint Hint)
{
    /// <summary>The value in words, where there are any.</summary>
    public string? Label { get; init; }

    /// <summary>The values in it; empty for a plain one.</summary>
    public IReadOnlyList<DecodedValue> Members { get; init; } = [];

    /// <summary>How many further elements of a long list are left out.</summary>
    public int Omitted { get; init; }
}

/// <summary>A decoded call, event or error.</summary>
/// <param name="Contract">The name of the contract that declares it; <c>Solidity</c> for the two errors of the language.</param>
/// <param name="Name">The name; <c>constructor</c> for a deployment.</param>
/// <param name="Signature">The canonical signature.</param>
/// <param name="Values">Its values in order.</param>
public sealed record DecodedItem(string Contract, string Name, string Signature, IReadOnlyList<DecodedValue> Values);
