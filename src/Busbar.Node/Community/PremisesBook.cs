using Busbar.Domain.Metering;
using Busbar.Node.Access;

namespace Busbar.Node.Community;

/// <summary>The directory of houses, asked by premises.</summary>
internal sealed class PremisesBook(HouseDirectory houses) : IPremisesBook
{
    public PremisesCard Of(PremisesId premises)
    {
        var here = houses.All().Where(house => house.Premises == premises).ToArray();
        return new(premises, houses.NameOf(premises) ?? premises.ToString(), [.. here.Select(house => house.Meter)]);
    }
}
