using NodaTime;

namespace Busbar.Store.Accounts;

/// <summary>Sessions on disk. Each write is on disk when its task ends. Safe for concurrent callers.</summary>
/// <remarks>Every method throws <see cref="Busbar.Ledger.Journal.StoreException"/> when the disk refuses.</remarks>
public interface ISessionStore
{
    /// <summary>All sessions.</summary>
    Task<IReadOnlyList<StoredSession>> AllAsync(CancellationToken cancellation);

    /// <summary>Adds a session and removes others, in one transaction.</summary>
    Task AddAsync(StoredSession session, IReadOnlyCollection<string> removed, CancellationToken cancellation);

    /// <summary>Notes that a session was used.</summary>
    Task TouchAsync(string session, Instant lastUsed, CancellationToken cancellation);

    /// <summary>Removes sessions; those that are not there do no harm.</summary>
    Task RemoveAsync(IReadOnlyCollection<string> sessions, CancellationToken cancellation);
}
