using System.Numerics;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Bills;
using Events = Busbar.Ledger.Contracts.Vault.Events;

namespace Busbar.Ledger.Indexing;

/// <summary>What an account has in the vault.</summary>
/// <param name="Account">Whose.</param>
/// <param name="Free">To withdraw.</param>
/// <param name="Locked">To modules, for purposes.</param>
public sealed record VaultBalance(Address Account, Coin Free, Coin Locked);

/// <summary>What an account has locked.</summary>
/// <param name="Module">To whom.</param>
/// <param name="Account">Whose.</param>
/// <param name="Purpose">For what: premises, a delivery.</param>
/// <param name="Amount">More than nothing.</param>
public sealed record VaultLock(Address Module, Address Account, Hash256 Purpose, Coin Amount);

/// <summary>An entry of the cash book.</summary>
/// <param name="Account">For whom money was received or paid out.</param>
/// <param name="Amount">Received positive, paid out negative.</param>
/// <param name="Reference">The operator's own number of it.</param>
/// <param name="Treasurer">Who booked it.</param>
/// <param name="Place">Where it stands.</param>
public sealed record CashEntry(Address Account, Coin Amount, Hash256 Reference, Address Treasurer, LedgerPlace Place);

/// <summary>Everyone's balance and the cash book, as the events of <c>Vault</c> say. Safe for concurrent callers.</summary>
public sealed class VaultView
{
    private readonly Lock _lock;
    private readonly Dictionary<Address, VaultBalance> _balances = [];
    private readonly Dictionary<(Address Module, Address Account, Hash256 Purpose), Coin> _buckets = [];
    private readonly Dictionary<(Address Module, Hash256 Purpose), SortedSet<Address>> _payers = [];
    private readonly List<CashEntry> _cash = [];

    internal VaultView(Lock shared) => _lock = shared;

    /// <summary>Every account that ever had something, in the order of their addresses.</summary>
    public IReadOnlyList<VaultBalance> Balances
    {
        get
        {
            lock (_lock)
                return [.. _balances.Values.OrderBy(balance => balance.Account)];
        }
    }

    /// <summary>All that is locked, in the order of modules, accounts and purposes.</summary>
    public IReadOnlyList<VaultLock> Locks
    {
        get
        {
            lock (_lock)
            {
                return
                [
                    .. _buckets.Select(one => new VaultLock(one.Key.Module, one.Key.Account, one.Key.Purpose, one.Value))
                        .OrderBy(one => one.Module).ThenBy(one => one.Account).ThenBy(one => one.Purpose),
                ];
            }
        }
    }

    /// <summary>The cash book, oldest first.</summary>
    public IReadOnlyList<CashEntry> Cash
    {
        get
        {
            lock (_lock)
                return [.. _cash];
        }
    }

    /// <summary>What an account has.</summary>
    public VaultBalance Find(Address account)
    {
        lock (_lock)
            return _balances.GetValueOrDefault(account) ?? new(account, default, default);
    }

    /// <summary>What an account has locked to a module for a purpose.</summary>
    public Coin LockedFor(Address module, Address account, Hash256 purpose)
    {
        lock (_lock)
            return _buckets.GetValueOrDefault((module, account, purpose));
    }

    /// <summary>Who has something locked to a module for a purpose, in the order of their addresses.</summary>
    public IReadOnlyList<Address> PayersOf(Address module, Hash256 purpose)
    {
        lock (_lock)
            return _payers.TryGetValue((module, purpose), out var payers) ? [.. payers] : [];
    }

    internal void Clear()
    {
        _balances.Clear();
        _buckets.Clear();
        _payers.Clear();
        _cash.Clear();
    }

    internal void Apply(IndexedBlock block, IndexedEvent record, Log log)
    {
        if (!Events.TryDecode(log, out var one))
            return;
        var place = new LedgerPlace(block.Number, record.Transaction, block.Time);
        switch (one)
        {
            case Events.Deposited deposited:
                Change(deposited.Account, Coins(deposited.Amount), Coin.Zero);
                break;
            case Events.Withdrawn withdrawn:
                Change(withdrawn.Account, -Coins(withdrawn.Amount), Coin.Zero);
                break;
            case Events.Locked locked:
                Change(locked.Account, -Coins(locked.Amount), Coins(locked.Amount));
                Bucket((locked.Module, locked.Account, locked.Purpose), Coins(locked.Amount));
                break;
            case Events.Released released:
                Change(released.Account, Coins(released.Amount), -Coins(released.Amount));
                Bucket((released.Module, released.Account, released.Purpose), -Coins(released.Amount));
                break;
            case Events.Paid paid:
                Change(paid.Account, Coin.Zero, -Coins(paid.Amount));
                Change(paid.To, Coins(paid.Amount), Coin.Zero);
                Bucket((paid.Module, paid.Account, paid.Purpose), -Coins(paid.Amount));
                break;
            case Events.Issued issued:
                Change(issued.Account, Coins(issued.Amount), Coin.Zero);
                _cash.Add(new(issued.Account, Coins(issued.Amount), issued.ReferenceId, issued.Treasurer, place));
                break;
            case Events.Redeemed redeemed:
                Change(redeemed.Account, -Coins(redeemed.Amount), Coin.Zero);
                _cash.Add(new(redeemed.Account, -Coins(redeemed.Amount), redeemed.ReferenceId, redeemed.Treasurer, place));
                break;
        }
    }

    private void Change(Address account, Coin free, Coin locked)
    {
        var balance = _balances.GetValueOrDefault(account) ?? new(account, default, default);
        _balances[account] = balance with { Free = balance.Free + free, Locked = balance.Locked + locked };
    }

    private void Bucket((Address Module, Address Account, Hash256 Purpose) bucket, Coin more)
    {
        var amount = _buckets.GetValueOrDefault(bucket) + more;
        if (amount == Coin.Zero)
            _buckets.Remove(bucket);
        else
            _buckets[bucket] = amount;
        var key = (bucket.Module, bucket.Purpose);
        if (!_payers.TryGetValue(key, out var payers))
            _payers.Add(key, payers = []);
        _ = amount > Coin.Zero ? payers.Add(bucket.Account) : payers.Remove(bucket.Account);
        if (payers.Count == 0)
            _payers.Remove(key);
    }

    private static Coin Coins(BigInteger wei) => Coin.FromWei((Int128)wei);
}
