using Busbar.Domain.Supply;

namespace Busbar.Node.Supply;

/// <summary>A community that bills nobody: everybody is supplied.</summary>
internal sealed class UnbilledSupply : ISupplyFacts
{
    public Action? Changed { get; set; }

    public IReadOnlyList<SupplyFact> All() => [];
}
