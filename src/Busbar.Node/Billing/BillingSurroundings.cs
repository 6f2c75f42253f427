using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Readings;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Billing;

/// <summary>What the billing desk stands on.</summary>
/// <param name="Chain">The ledger.</param>
/// <param name="Contracts">Its contracts.</param>
/// <param name="Indexer">Indexes the blocks that are made.</param>
/// <param name="View">What the ledger says.</param>
/// <param name="Applied">Waits until the view has everything that is indexed.</param>
/// <param name="Proofs">Proofs of readings.</param>
/// <param name="Readings">Stored readings.</param>
/// <param name="Operator">The operator's key; not disposed of.</param>
/// <param name="Zone">The community's zone.</param>
/// <param name="Length">The length of its intervals.</param>
/// <param name="Log">Told of refusals.</param>
internal sealed record BillingSurroundings(
    IChain Chain,
    ContractAddresses Contracts,
    Indexer Indexer,
    LedgerView View,
    Func<CancellationToken, Task> Applied,
    ProofMaker Proofs,
    IReadingStore Readings,
    PrivateKey Operator,
    DateTimeZone Zone,
    IntervalLength Length,
    ILogger Log);
