using Busbar.Cryptography;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Store.Cash;
using NodaTime;

namespace Busbar.Node.Cash;

/// <summary>What the cash desk stands on.</summary>
/// <param name="Chain">The ledger.</param>
/// <param name="Money">Its contracts of money.</param>
/// <param name="Indexer">Indexes the blocks that are made.</param>
/// <param name="View">What the ledger says.</param>
/// <param name="Applied">Waits until the view has everything that is indexed.</param>
/// <param name="Store">The book on disk.</param>
/// <param name="Treasurer">The node's key, whose office on the ledger lets it issue and redeem; not disposed of.</param>
/// <param name="Clock">The community's clock.</param>
internal sealed record CashSurroundings(
    IChain Chain,
    MoneyContracts Money,
    Indexer Indexer,
    LedgerView View,
    Func<CancellationToken, Task> Applied,
    SqliteCash Store,
    PrivateKey Treasurer,
    IClock Clock);
