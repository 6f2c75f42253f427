using Busbar.Node.Access.Accounts;
using Busbar.Node.Access.Limits;
using Busbar.Store.Accounts;

namespace Busbar.Node.Access.Passwords;

/// <summary>Signing in by name and password, and changing it. Thread safe.</summary>
internal sealed class PasswordSignIn(AccountBook accounts, IAccountStore store, PasswordHasher hasher, TimeProvider time)
{
    private const int MostKeys = 20_000;

    // The wait by name is short at most, since anybody could keep somebody out by it; the wait by address is what stops guessing.
    private readonly GrowingDelays _byName = new(time, free: 5, most: TimeSpan.FromMinutes(1), MostKeys);
    private readonly GrowingDelays _byClient = new(time, free: 20, most: TimeSpan.FromMinutes(15), MostKeys);

    /// <summary>The account of a name and its password. An unknown name takes as long as a wrong password, and is answered alike.</summary>
    public async Task<Answer<Account>> SignInAsync(string name, string password, string client, CancellationToken cancellation)
    {
        var key = AccountName.Key(name);
        if (!_byClient.TryBegin(client, out var wait) || !_byName.TryBegin(key, out wait))
            return AccessRefused.TooManyTries(wait);
        var account = accounts.FindByName(name);
        var outcome = await CheckAsync(account, password, cancellation);
        if (outcome is null)
            return AccessRefused.Busy();
        if (account is null || !outcome.Value)
            return AccessRefused.WrongNameOrPassword();
        _byName.Succeeded(key);
        _byClient.Undo(client);
        return account;
    }

    /// <summary>Replaces the password of somebody who knows the current one.</summary>
    public async Task<AccessRefused?> ChangeAsync(Account account, string current, string next, CancellationToken cancellation)
    {
        var key = AccountName.Key(account.Name);
        if (!_byName.TryBegin(key, out var wait))
            return AccessRefused.TooManyTries(wait);
        if (await CheckAsync(account, current, cancellation) is not { } right)
            return AccessRefused.Busy();
        if (!right)
            return AccessRefused.WrongPassword();
        _byName.Succeeded(key);
        if (await hasher.MakeAsync(next, cancellation) is not { } made)
            return AccessRefused.Busy();
        await store.SetPasswordHashAsync(account.Id, made.Text, cancellation);
        return null;
    }

    private async Task<bool?> CheckAsync(Account? account, string password, CancellationToken cancellation)
    {
        var text = account is null ? null : await store.PasswordHashAsync(account.Id, cancellation);
        var hash = text is null ? null : PasswordHash.Parse(text);
        var right = await hasher.CheckAsync(hash, password, cancellation);
        // Hashes grow stronger as machines grow faster; the password is at hand only now.
        if (right == true && hasher.IsOutdated(hash!) && await hasher.MakeAsync(password, cancellation) is { } stronger)
            await store.SetPasswordHashAsync(account!.Id, stronger.Text, cancellation);
        return right;
    }
}
