using Busbar.Store.Packing;

namespace Busbar.Store.Tests.Readings;

public sealed class PackerTests
{
    [Fact]
    public void Groups_ManyReadings_FewInATransactionAndAllInOne()
    {
        Packer.MeterOfDay[] meters =
        [
            .. Enumerable.Range(1, 25).Select(i => new Packer.MeterOfDay(1, i, 96)),
            new(2, 51, 1_440), new(2, 52, 1_440), new(2, 53, 86_400), new(2, 54, 1), new(2, 55, 1),
            new(3, 56, 1),
        ];
        var groups = Packer.Groups([.. meters]).ToList();

        Assert.Equal(
            [new(1, 1, 10), new(1, 11, 20), new(1, 21, 25), new(2, 51, 51), new(2, 52, 52), new(2, 53, 53), new(2, 54, 55), new(3, 56, 56)],
            groups);
    }
}
