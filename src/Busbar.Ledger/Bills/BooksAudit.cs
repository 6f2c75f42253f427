using Busbar.Ethereum.Abi;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Indexing;

namespace Busbar.Ledger.Bills;

/// <summary>
/// Holds all bills, payments and balances against each other: each bill against its tariff and registers, each register against the
/// stored reading, each debt against bills and payments and the contract's own account, and the vault against everyone's balance.
/// Events are read from the store anew, so that what changed there after a node had read them is found too.
/// </summary>
public sealed class BooksAudit
{
    private const int MostTries = 5;

    private readonly BooksSources _sources;
    private readonly LedgerView _view;
    private readonly ChangeReader _reader;

    /// <summary>Draws up the books once.</summary>
    /// <param name="sources">From what.</param>
    public BooksAudit(BooksSources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        _sources = sources;
        _view = new(sources.Contracts);
        _reader = new(sources.Index, EventPlace.Start, sources.FirstBlock);
    }

    /// <summary>The books after one block, the newest at that moment. May run beside everything else; it only reads.</summary>
    /// <returns>The books; null when the chain went on during each of five tries, and no longer has what was.</returns>
    /// <exception cref="EthereumRpcException">The chain cannot be read.</exception>
    public async Task<Books?> RunAsync(CancellationToken cancellation)
    {
        for (var tried = 0; tried < MostTries; tried++)
        {
            if (_sources.CatchUp is { } catchUp)
                await catchUp(cancellation);
            while (await _reader.NextAsync(cancellation) is { } change)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Apply(change) is { } broken)
                    return broken;
            }

            var state = _view.Money.State;
            if (await ContractBalances.ReadAsync(state, _sources, cancellation) is not { } contracts)
                continue;
            var time = (await _sources.Index.BlockAsync(state.Block, cancellation))?.Time ?? default;
            var losses = _view.Losses(start => start.InZone(_sources.Zone).Date.ToYearMonth());
            var books = await new BooksTally(state, _sources.Readings, _sources.Zone).RunAsync(contracts, losses, time, cancellation);
            return _sources.Slips is { } slips
                ? books with { Faults = [.. books.Faults, .. CashAudit.Check(_view.Money.Vault.Cash, await slips(cancellation))] }
                : books;
        }

        return null;
    }

    // Events that do not follow from each other were never logged so: that is what the books are drawn up to find.
    private Books? Apply(ChainChange change)
    {
        try
        {
            _view.Apply(change);
            return null;
        }
        catch (Exception broken) when (broken is ArgumentException or InvalidOperationException or ArithmeticException or AbiException)
        {
            var (block, time) = change is ChainChange.BlockAdded added ? (added.Block.Number, added.Block.Time) : default;
            var nothing = new BooksTotals(0, 0, 0, default, default, default, default, default, default, default, default, default);
            return new(block, time, [], nothing, [new($"events of block {block}", $"they do not follow from those before: {broken.Message}")]);
        }
    }
}
