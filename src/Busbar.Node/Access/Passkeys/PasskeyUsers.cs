using Busbar.Node.Access.Accounts;
using Busbar.Store.Accounts;
using Microsoft.AspNetCore.Identity;

namespace Busbar.Node.Access.Passkeys;

/// <summary>
/// Our accounts as the platform's passkey verifier asks for them; it only reads, what changes is written by <see cref="PasskeyDesk"/>.
/// </summary>
internal sealed class PasskeyUsers(AccountBook accounts, IAccountStore store) : IUserPasskeyStore<Account>
{
    public Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(accounts.Find(userId));

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Account user, CancellationToken cancellationToken) =>
        [.. (await store.PasskeysAsync(user.Id, cancellationToken)).Select(Info)];

    public async Task<Account?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await store.PasskeyAsync(credentialId, cancellationToken) is { } passkey ? accounts.Find(passkey.Account) : null;

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) =>
        await store.PasskeyAsync(credentialId, cancellationToken) is { } passkey && passkey.Account == user.Id ? Info(passkey) : null;

    public Task AddOrUpdatePasskeyAsync(Account user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw NotAsked();

    public Task RemovePasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) => throw NotAsked();

    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => throw NotAsked();

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => throw NotAsked();

    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => throw NotAsked();

    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw NotAsked();

    public void Dispose()
    {
        // The store is its owner's.
    }

    private static UserPasskeyInfo Info(Passkey passkey) => new(
        passkey.Id.ToArray(),
        passkey.PublicKey.ToArray(),
        passkey.Created.ToDateTimeOffset(),
        passkey.Counter,
        [.. passkey.Transports],
        isUserVerified: true,
        passkey.IsBackupEligible,
        passkey.IsBackedUp,
        attestationObject: [],
        clientDataJson: [])
    {
        Name = passkey.Name,
    };

    private static NotSupportedException NotAsked() => new("the passkey verifier has no business with this");
}
