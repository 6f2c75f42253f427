using System.Collections.Concurrent;
using System.Collections.Frozen;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Store.Accounts;

namespace Busbar.Node.Access.Accounts;

/// <summary>
/// All accounts, in memory for the question of every request and on disk. Secrets are not held here. What a write changes is seen by
/// readers when it is on disk. Thread safe.
/// </summary>
internal sealed class AccountBook : IDisposable
{
    private readonly IAccountStore _store;
    private readonly int _most;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Address, string> _addresses = [];

    private AccountBook(IAccountStore store, int most) => (_store, _most) = (store, most);

    public static async Task<AccountBook> OpenAsync(IAccountStore store, int most, CancellationToken cancellation)
    {
        var book = new AccountBook(store, most);
        foreach (var account in await store.AllAsync(cancellation))
            book.Show(account);
        return book;
    }

    public IEnumerable<Account> All => _accounts.Values;

    public bool HasOperator => _accounts.Values.Any(IsOperator);

    public Account? Find(string id) => _accounts.GetValueOrDefault(id);

    public Account? FindByName(string name) => _names.TryGetValue(AccountName.Key(name), out var id) ? Find(id) : null;

    public Account? FindByAddress(Address address) => _addresses.TryGetValue(address, out var id) ? Find(id) : null;

    public async Task<Answer<Account>> AddAsync(NewAccount added, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            if (_accounts.Count >= _most)
                return AccessRefused.Full("accounts");
            switch (await _store.AddAsync(added, cancellation))
            {
                case AccountAdded.Added:
                    Show(added.Account);
                    return added.Account;
                case AccountAdded.NameTaken:
                    return AccessRefused.NameTaken();
                case AccountAdded.AddressTaken:
                    return AccessRefused.AddressTaken();
                default:
                    return AccessRefused.InvitationUnknown();
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public async Task<Answer<Account>> SetKeystoreAsync(string id, Address address, string keystore, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            if (!await _store.SetKeystoreAsync(id, address, keystore, cancellation))
                return AccessRefused.AddressTaken();
            var before = _accounts[id];
            if (before.Address is { } old && old != address)
                _addresses.TryRemove(old, out _);
            var account = before with { Address = address, HasKeystore = true };
            Show(account);
            return account;
        }
        finally
        {
            _writing.Release();
        }
    }

    public Task SetSettingsAsync(string id, string settings, CancellationToken cancellation) => ChangeAsync(
        id, () => _store.SetSettingsAsync(id, settings, cancellation), account => account with { Settings = settings }, cancellation);

    /// <summary>Replaces what the node makes an account.</summary>
    /// <param name="id">Whose roles.</param>
    /// <param name="roles">What it has from now on.</param>
    /// <param name="by">The account that asks for it.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Answer<Account>> SetNodeRolesAsync(
        string id, FrozenSet<Role> roles, string? by, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            if (Find(id) is not { } account)
                return AccessRefused.NotThere("account");
            if (account.NodeRoles.SetEquals(roles))
                return account;
            if (account.NodeRoles.Contains(Role.Operator) && !roles.Contains(Role.Operator) && _accounts.Values.Count(IsOperator) == 1)
                return AccessRefused.LastOperator();
            if (id == by)
                return AccessRefused.OwnRoles();
            await _store.SetNodeRolesAsync(id, roles, cancellation);
            account = account with { NodeRoles = roles };
            Show(account);
            return account;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Gives an account further roles, written together with something else, which may find that it cannot be done.</summary>
    public async Task<bool> AddNodeRolesAsync(
        string id, IEnumerable<Role> further, Func<IReadOnlyCollection<Role>, Task<bool>> write, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            FrozenSet<Role> roles = [.. _accounts[id].NodeRoles, .. further];
            if (!await write(roles))
                return false;
            Show(_accounts[id] with { NodeRoles = roles });
            return true;
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    private static bool IsOperator(Account account) => account.NodeRoles.Contains(Role.Operator);

    private async Task ChangeAsync(string id, Func<Task> write, Func<Account, Account> change, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            await write();
            Show(change(_accounts[id]));
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Show(Account account)
    {
        _accounts[account.Id] = account;
        _names[AccountName.Key(account.Name)] = account.Id;
        if (account.Address is { } address)
            _addresses[address] = account.Id;
    }
}
