using Busbar.Ledger.Journal;

namespace Busbar.Cli.Running;

/// <summary>A journal that can be read and nothing else: its owner stays its owner, and no append reaches it.</summary>
internal sealed class ReadOnlyJournal(IJournal inner) : IJournal
{
    public Task<JournalOwnership> TakeOverAsync(JournalName journal, CancellationToken cancellation) =>
        Task.FromResult(new JournalOwnership(journal, 0));

    public ValueTask<long> AppendAsync(JournalCommit commit, CancellationToken cancellation) => throw ReadOnly(commit.Owner.Journal);

    public IAsyncEnumerable<JournalEntry> ReadAsync(JournalName journal, long from, CancellationToken cancellation) =>
        inner.ReadAsync(journal, from, cancellation);

    public Task SaveCheckpointAsync(JournalOwnership owner, long position, ReadOnlyMemory<byte> state, CancellationToken cancellation) =>
        throw ReadOnly(owner.Journal);

    public Task<JournalCheckpoint?> LoadCheckpointAsync(JournalName journal, CancellationToken cancellation) =>
        inner.LoadCheckpointAsync(journal, cancellation);

    private static StoreException ReadOnly(JournalName journal) => new($"journal {journal} is only read here; nothing was written", isTransient: false);
}
