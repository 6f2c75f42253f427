using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Deploying;

namespace Busbar.Ledger.Indexing;

/// <summary>Bills, payments and balances, in step with each other. Safe for concurrent callers.</summary>
public sealed class MoneyView
{
    private readonly Lock _lock = new();
    private readonly MoneyContracts? _contracts;

    // A chain that goes back is rare: what stands is applied anew then.
    private readonly List<(IndexedBlock Block, IndexedEvent Event)> _applied = [];

    private ulong _block;

    /// <summary>Views that know nothing yet.</summary>
    /// <param name="contracts">Whose events count; null in a community without money on its ledger, where the views stay empty.</param>
    public MoneyView(MoneyContracts? contracts)
    {
        _contracts = contracts;
        Billing = new(_lock);
        Vault = new(_lock);
    }

    /// <summary>Tariffs, bills, payments.</summary>
    public BillingView Billing { get; }

    /// <summary>Balances and the cash book.</summary>
    public VaultView Vault { get; }

    /// <summary>Everything of one moment: what is read piece by piece may be of several.</summary>
    public MoneyState State
    {
        get
        {
            lock (_lock)
                return new(_block, Billing.Tariffs, Billing.Accounts, Vault.Balances, Vault.Locks, Vault.Cash);
        }
    }

    /// <summary>Takes a change in; changes come in the order of <see cref="Indexer.ChangesAsync"/>.</summary>
    /// <returns>Whether it had anything of money in it.</returns>
    internal bool Apply(ChainChange change)
    {
        lock (_lock)
        {
            switch (change)
            {
                case ChainChange.BlockAdded added:
                    _block = added.Block.Number;
                    var before = _applied.Count;
                    foreach (var one in added.Events.Where(IsOurs))
                    {
                        _applied.Add((added.Block, one));
                        Apply(added.Block, one);
                    }

                    return _applied.Count > before;
                case ChainChange.BlocksTakenBack back:
                    _block = back.KeptNumber;
                    return TakeBack(back.KeptNumber);
                default:
                    throw new ArgumentException($"unknown change {change}", nameof(change));
            }
        }
    }

    private bool IsOurs(IndexedEvent one) => _contracts is { } money
        && (one.Contract == money.Vault || one.Contract == money.Payments || one.Contract == money.Billing);

    private void Apply(IndexedBlock block, IndexedEvent one)
    {
        var log = new Log { Address = one.Contract, Topics = one.Topics, Data = one.Data };
        if (one.Contract == _contracts!.Billing)
            Billing.ApplyBilling(block, one, log);
        else if (one.Contract == _contracts.Payments)
            Billing.ApplyPayments(block, one, log);
        else
            Vault.Apply(block, one, log);
    }

    private bool TakeBack(ulong kept)
    {
        if (_applied.RemoveAll(pair => pair.Block.Number > kept) == 0)
            return false;
        Billing.Clear();
        Vault.Clear();
        foreach (var (block, one) in _applied)
            Apply(block, one);
        return true;
    }
}
