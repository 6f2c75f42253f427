using Busbar.Domain.Metering;

namespace Busbar.Node.Access;

/// <summary>What people call a premises, and which meters it has.</summary>
internal interface IPremisesBook
{
    /// <summary>A premises by its id; one that the node does not know has its id as its name and no meters.</summary>
    PremisesCard Of(PremisesId premises);
}

/// <summary>A premises as a page shows it.</summary>
internal sealed record PremisesCard(PremisesId Id, string Name, IReadOnlyList<MeterId> Meters);

/// <summary>A book without entries.</summary>
internal sealed class NoPremisesBook : IPremisesBook
{
    public PremisesCard Of(PremisesId premises) => new(premises, premises.ToString(), []);
}
