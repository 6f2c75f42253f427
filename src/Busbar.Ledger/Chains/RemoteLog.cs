using Busbar.Cryptography;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Ledger.Chains;

/// <summary>The journal of what was sent to another chain.</summary>
internal sealed class RemoteLog
{
    private readonly IJournal _journal;
    private readonly JournalOwnership _owner;
    private readonly TimeProvider _time;

    private RemoteLog(IJournal journal, JournalOwnership owner, TimeProvider time) =>
        (_journal, _owner, _time) = (journal, owner, time);

    public static async Task<RemoteLog> OpenAsync(IJournal journal, TimeProvider time, CancellationToken cancellation) =>
        new(journal, await journal.TakeOverAsync(JournalName.Engine, cancellation), time);

    public async Task AppendAsync(IReadOnlyList<SignedTransaction> signed, IReadOnlyList<StoreChange> changes, CancellationToken cancellation)
    {
        var at = Instant.FromDateTimeOffset(_time.GetUtcNow());
        var records = signed.Select(transaction => new JournalRecord(RecordKind.Transaction, 1, at, transaction.Raw));
        await _journal.AppendAsync(new(_owner, [.. records], changes), cancellation);
    }

    /// <summary>A transaction and those that were to replace it (same sender, same nonce), in the order they were made.</summary>
    public async Task<IReadOnlyList<SignedTransaction>> FindAsync(Hash256 transaction, CancellationToken cancellation)
    {
        var family = new List<SignedTransaction>();
        var sender = default(Address);
        await foreach (var entry in _journal.ReadAsync(JournalName.Engine, 0, cancellation))
        {
            if (entry.Record.Kind != RecordKind.Transaction || !SignedTransaction.TryDecode(entry.Record.Payload.Span, out var signed, out _))
                continue;
            if (signed.Hash == transaction)
                signed.TryRecoverSender(out sender);
            else if (family.Count == 0 || signed.Transaction.Nonce != family[0].Transaction.Nonce
                || !signed.TryRecoverSender(out var other) || other != sender)
                continue;
            family.Add(signed);
        }

        return family;
    }
}
