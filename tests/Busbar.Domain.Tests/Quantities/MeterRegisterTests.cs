using Busbar.Domain.Quantities;

namespace Busbar.Domain.Tests.Quantities;

public sealed class MeterRegisterTests
{
    [Fact]
    public void FromMilliwattHours_Negative_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MeterRegister.FromMilliwattHours(-1));

    [Fact]
    public void Subtraction_AnyTwoRegisters_IsAnEnergy()
    {
        var most = MeterRegister.FromMilliwattHours(long.MaxValue);

        Assert.Equal(long.MaxValue, (most - MeterRegister.Zero).MilliwattHours);
        Assert.Equal(-long.MaxValue, (MeterRegister.Zero - most).MilliwattHours);
    }

    [Fact]
    public void Advance_NeverBackAndNeverBeyondTheRange()
    {
        var register = MeterRegister.FromMilliwattHours(10);

        Assert.Equal(17, register.Advance(Energy.FromMilliwattHours(7)).MilliwattHours);
        Assert.Throws<ArgumentOutOfRangeException>(() => register.Advance(Energy.FromMilliwattHours(-1)));
        Assert.Throws<OverflowException>(() => register.Advance(Energy.FromMilliwattHours(long.MaxValue)));
    }

    [Fact]
    public void Comparison_FollowsTheTotal()
    {
        var (low, high) = (MeterRegister.FromMilliwattHours(1), MeterRegister.FromMilliwattHours(2));

        Assert.True(low < high && high > low && low <= high && high >= low && low != high && low.CompareTo(high) < 0);
        Assert.True(low == MeterRegister.FromMilliwattHours(1) && low.Equals((object)MeterRegister.FromMilliwattHours(1)));
    }
}
