using Busbar.Domain.Access;

namespace Busbar.Store.Accounts;

/// <summary>Accounts on disk. Each write is on disk when its task ends. Safe for concurrent callers.</summary>
/// <remarks>Every method throws <see cref="Busbar.Ledger.Journal.StoreException"/> when the disk refuses.</remarks>
public interface IAccountStore
{
    /// <summary>All accounts.</summary>
    Task<IReadOnlyList<Account>> AllAsync(CancellationToken cancellation);

    /// <summary>Adds an account and uses its invitation up, or does neither.</summary>
    Task<AccountAdded> AddAsync(NewAccount account, CancellationToken cancellation);

    /// <summary>The hash of an account's password; null when it has none.</summary>
    Task<string?> PasswordHashAsync(string account, CancellationToken cancellation);

    /// <summary>Replaces the hash of an account's password.</summary>
    Task SetPasswordHashAsync(string account, string hash, CancellationToken cancellation);

    /// <summary>An account's encrypted key; null when the node keeps none.</summary>
    Task<string?> KeystoreAsync(string account, CancellationToken cancellation);

    /// <summary>Replaces an account's encrypted key and its address.</summary>
    /// <returns>False, and nothing written, when the address is another account's.</returns>
    Task<bool> SetKeystoreAsync(string account, Cryptography.Address address, string keystore, CancellationToken cancellation);

    /// <summary>Replaces an account's settings.</summary>
    Task SetSettingsAsync(string account, string settings, CancellationToken cancellation);

    /// <summary>Replaces what the node makes an account.</summary>
    Task SetNodeRolesAsync(string account, IReadOnlyCollection<Role> roles, CancellationToken cancellation);

    /// <summary>An account's passkeys, oldest first.</summary>
    Task<IReadOnlyList<Passkey>> PasskeysAsync(string account, CancellationToken cancellation);

    /// <summary>The passkey with a credential id; null when there is none.</summary>
    Task<Passkey?> PasskeyAsync(ReadOnlyMemory<byte> id, CancellationToken cancellation);

    /// <summary>Adds a passkey, or stores the new counter of one that is there.</summary>
    Task SavePasskeyAsync(Passkey passkey, CancellationToken cancellation);

    /// <summary>Removes a passkey of an account.</summary>
    /// <returns>False when the account has no such passkey.</returns>
    Task<bool> RemovePasskeyAsync(string account, ReadOnlyMemory<byte> id, CancellationToken cancellation);
}
