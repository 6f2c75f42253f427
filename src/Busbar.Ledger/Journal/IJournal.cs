namespace Busbar.Ledger.Journal;

/// <summary>Names a journal: one a microgrid, one for the engine.</summary>
/// <param name="Name">Such as <c>microgrid/1</c> or <c>engine</c>; at most 64 characters.</param>
public readonly record struct JournalName(string Name)
{
    /// <summary>The engine's journal.</summary>
    public static JournalName Engine => new("engine");

    /// <summary>A microgrid's journal.</summary>
    public static JournalName Microgrid(uint number) => new($"microgrid/{number}");

    /// <inheritdoc />
    public override string ToString() => Name;
}

/// <summary>The right to write to a journal, held until someone else takes it.</summary>
/// <param name="Journal">Which.</param>
/// <param name="Epoch">Grows with each owner; an append under an older one is refused.</param>
public sealed record JournalOwnership(JournalName Journal, long Epoch);

/// <summary>What is written together: records at the journal's end, and the rows that follow from them.</summary>
/// <param name="Owner">The right under which it is written.</param>
/// <param name="Records">Appended in this order; may be empty.</param>
/// <param name="Changes">Rows of the store, in the same transaction; may be empty.</param>
public sealed record JournalCommit(JournalOwnership Owner, IReadOnlyList<JournalRecord> Records, IReadOnlyList<StoreChange> Changes);

/// <summary>
/// Journals on disk. An append that has completed is durable: it survives kill -9 and the loss of power. Appends of many
/// callers are gathered into one group commit. Safe for concurrent callers.
/// </summary>
public interface IJournal
{
    /// <summary>Takes a journal over, creating it when new: no older owner can append from here on.</summary>
    Task<JournalOwnership> TakeOverAsync(JournalName journal, CancellationToken cancellation);

    /// <summary>Writes and waits until it is on disk.</summary>
    /// <returns>The position of the first record (of the next one, when there is none).</returns>
    /// <exception cref="JournalFencedException">Someone else has taken the journal over; nothing was written.</exception>
    /// <exception cref="StoreException">The disk is full or failing; nothing was written.</exception>
    ValueTask<long> AppendAsync(JournalCommit commit, CancellationToken cancellation);

    /// <summary>Reads records in order from a position on, up to the end as it is now.</summary>
    /// <exception cref="JournalDamagedException">A record's checksum does not hold.</exception>
    IAsyncEnumerable<JournalEntry> ReadAsync(JournalName journal, long from, CancellationToken cancellation);

    /// <summary>Keeps an owner's state as it was after all records before a position; replaces the one before.</summary>
    Task SaveCheckpointAsync(JournalOwnership owner, long position, ReadOnlyMemory<byte> state, CancellationToken cancellation);

    /// <summary>The newest checkpoint, or null.</summary>
    Task<JournalCheckpoint?> LoadCheckpointAsync(JournalName journal, CancellationToken cancellation);
}

/// <summary>An owner's state after all records before a position.</summary>
/// <param name="Position">The next record to apply.</param>
/// <param name="State">The state in its owner's own form.</param>
public sealed record JournalCheckpoint(long Position, ReadOnlyMemory<byte> State);
