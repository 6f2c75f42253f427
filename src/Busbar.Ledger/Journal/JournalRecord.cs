using NodaTime;

namespace Busbar.Ledger.Journal;

/// <summary>What a journal record is. The numbers are on disk and never change their meaning.</summary>
public enum RecordKind
{
    /// <summary>Not a record.</summary>
    None = 0,

    /// <summary>A device's message as it came: transport, topic, payload.</summary>
    Message = 1,

    /// <summary>The clock moved.</summary>
    Tick = 2,

    /// <summary>An event of our contracts.</summary>
    LedgerEvent = 3,

    /// <summary>The chain took blocks back; what they brought is undone.</summary>
    LedgerReorganisation = 4,

    /// <summary>An operator's command, such as the record of a meter's change.</summary>
    Command = 5,

    /// <summary>The rules and limits in force from here on.</summary>
    Configuration = 6,

    /// <summary>What was decided of the records before it; applied on replay, never judged again by newer rules.</summary>
    Decision = 7,

    /// <summary>Accepted readings and closings whose own records were lost with the journal's end; applied, never judged again.</summary>
    Restored = 8,

    /// <summary>Engine: a signed transaction, before it is sent.</summary>
    Transaction = 16,

    /// <summary>Engine: a block's time and order, before it is mined.</summary>
    Block = 17,

    /// <summary>Engine: the hash that a mined block came out with.</summary>
    BlockMined = 18,

    /// <summary>Engine: how the chain began (chain id, time, version, hardfork).</summary>
    Genesis = 19,
}

/// <summary>One record of a journal.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Version">The version of the payload's form, from 1.</param>
/// <param name="At">The node's clock when it was written, in milliseconds.</param>
/// <param name="Payload">At most <see cref="MaximumPayload"/> bytes.</param>
public readonly record struct JournalRecord(RecordKind Kind, byte Version, Instant At, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The most bytes that a payload may have.</summary>
    public const int MaximumPayload = 16 * 1024 * 1024;
}

/// <summary>A record and its place: 0 for the first of its journal.</summary>
/// <param name="Position">The place.</param>
/// <param name="Record">The record.</param>
public readonly record struct JournalEntry(long Position, JournalRecord Record);
