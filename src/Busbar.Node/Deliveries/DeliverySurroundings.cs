using Busbar.Cryptography;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Node.Channels;
using Busbar.Store.Deliveries;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Deliveries;

/// <summary>What the delivery desk works with.</summary>
/// <param name="Chain">The ledger.</param>
/// <param name="Contracts">Where trades are settled.</param>
/// <param name="View">What the ledger says of them.</param>
/// <param name="CatchUp">Indexes the blocks that are made and waits until the view has them.</param>
/// <param name="Link">The way to the meters.</param>
/// <param name="Store">Where orders and reports are kept.</param>
/// <param name="Operator">The operator's key; not disposed of.</param>
/// <param name="Clock">The community's clock.</param>
/// <param name="Turns">The energy of payment channels; null in a community without channels.</param>
/// <param name="Log">Told of what goes wrong.</param>
internal sealed record DeliverySurroundings(
    IChain Chain,
    MarketContracts Contracts,
    MarketView View,
    Func<CancellationToken, Task> CatchUp,
    IDeliveryLink Link,
    SqliteDeliveries Store,
    PrivateKey Operator,
    IClock Clock,
    ChannelTurns? Turns,
    ILogger Log);
