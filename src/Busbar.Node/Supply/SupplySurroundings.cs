using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using Busbar.Node.Live;
using Busbar.Store.Supply;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Supply;

/// <summary>What the supply desk works with.</summary>
/// <param name="Facts">What the ledger says.</param>
/// <param name="Calendar">When no trip for debt begins.</param>
/// <param name="Outages">When the node was not running.</param>
/// <param name="Store">Where permits and commands are kept.</param>
/// <param name="Key">Signs permits.</param>
/// <param name="Domain">Where signatures are to hold.</param>
/// <param name="Presence">Which meters are online.</param>
/// <param name="Clock">The node's clock.</param>
/// <param name="Time">For pauses and patience.</param>
/// <param name="Logs">Where it logs.</param>
internal sealed record SupplySurroundings(
    ISupplyFacts Facts,
    SupplyCalendar Calendar,
    IReadOnlyList<NodeOutage> Outages,
    SqliteSupply Store,
    PrivateKey Key,
    SigningDomain Domain,
    Presence Presence,
    IClock Clock,
    TimeProvider Time,
    ILoggerFactory Logs);
