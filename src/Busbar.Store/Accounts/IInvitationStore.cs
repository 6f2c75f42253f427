using Busbar.Domain.Access;
using NodaTime;

namespace Busbar.Store.Accounts;

/// <summary>Invitations on disk. Each write is on disk when its task ends. Safe for concurrent callers.</summary>
/// <remarks>Every method throws <see cref="Busbar.Ledger.Journal.StoreException"/> when the disk refuses.</remarks>
public interface IInvitationStore
{
    /// <summary>All invitations, used ones too.</summary>
    Task<IReadOnlyList<Invitation>> AllAsync(CancellationToken cancellation);

    /// <summary>Adds an invitation and removes others, in one transaction.</summary>
    Task AddAsync(Invitation invitation, IReadOnlyCollection<string> removed, CancellationToken cancellation);

    /// <summary>Uses an invitation for an account that is there, and replaces the account's node roles, in one transaction.</summary>
    /// <returns>False, and nothing written, when it has been used or is gone.</returns>
    Task<bool> UseAsync(string invitation, string account, Instant at, IReadOnlyCollection<Role> roles, CancellationToken cancellation);

    /// <summary>Removes invitations; those that are not there do no harm.</summary>
    Task RemoveAsync(IReadOnlyCollection<string> invitations, CancellationToken cancellation);
}
