using Busbar.Node.Community;

namespace Busbar.Node.Tests.Community;

public sealed class NaturalOrderTests
{
    [Theory]
    [InlineData("House 2", "House 10")]
    [InlineData("House 9", "House 10")]
    [InlineData("House", "House 1")]
    [InlineData("A12B3", "A12B20")]
    [InlineData("01", "1")]
    [InlineData("99999999999999999999999998", "99999999999999999999999999")]
    [InlineData("Lift", "Water pump")]
    public void Compare_AsPeopleCount_FirstBeforeSecond(string first, string second)
    {
        Assert.True(NaturalOrder.Instance.Compare(first, second) < 0);
        Assert.True(NaturalOrder.Instance.Compare(second, first) > 0);
        Assert.Equal(0, NaturalOrder.Instance.Compare(first, first));
    }
}
