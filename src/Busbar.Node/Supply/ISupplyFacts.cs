using Busbar.Domain.Supply;

namespace Busbar.Node.Supply;

/// <summary>What the ledger says of the supply of each premises. Thread safe.</summary>
internal interface ISupplyFacts
{
    /// <summary>Called after the facts have changed, on any thread; neither blocks nor throws.</summary>
    Action? Changed { get; set; }

    /// <summary>All premises whose supply depends on the ledger, as one state; one that is not among them is supplied.</summary>
    IReadOnlyList<SupplyFact> All();
}
