using Busbar.Cryptography;
using Busbar.Domain.Community;
using Busbar.Domain.Metering;

namespace Busbar.Domain.Tests.Community;

public sealed class HouseRulesTests
{
    private static readonly HashSet<MicrogridId> Microgrids = [new(1), new(2)];

    [Theory]
    [InlineData("a house", true)]
    [InlineData("\u0918\u0930 \u0967", true)]
    [InlineData("\U0001F3E0", true)]
    [InlineData("", false)]
    [InlineData(" a", false)]
    [InlineData("a\n", false)]
    [InlineData("a\u0000b", false)]
    [InlineData("a\u2028b", false)]
    [InlineData("a\uE000b", false)]
    public void Check_AName_PrintingCharactersAlone(string name, bool isGood)
    {
        Assert.Equal(isGood ? [] : [new HouseRefused.BadName(1, "name")], Check([House(1, name)]));
        var place = House(1, "good") with { District = name, Feeder = name };
        Assert.Equal(isGood || name.Length == 0 ? [] : [new HouseRefused.BadName(1, "district"), new HouseRefused.BadName(1, "feeder")], Check([place]));
    }

    [Fact]
    public void Check_TheLongestNameAndOneMore_RefusedByLine()
    {
        var (longest, longer) = (new string('a', Domain.Community.House.LongestName), new string('b', Domain.Community.House.LongestName + 1));
        Assert.Equal([new HouseRefused.BadName(2, "name")], Check([House(1, longest), House(2, longer)]));
    }

    [Fact]
    public void Check_ANameThatIsTaken_RefusedUnlessItsHolderGivesItUpInTheSameList()
    {
        House[] known = [House(1, "East"), House(2, "West")];
        Assert.Equal([new HouseRefused.NameTaken(1, "EAST")], Check([House(3, "EAST")], known));
        Assert.Equal([], Check([House(1, "West"), House(2, "East")], known));
        Assert.Equal([], Check([House(1, "East")], known));
        Assert.Equal([new HouseRefused.NameTaken(2, "north")], Check([House(3, "North"), House(4, "north")], known));
    }

    [Fact]
    public void Check_EverythingWrongAtOnce_AllOfItIsTold()
    {
        var there = new MeterRegistration(
            House(5, "e").Meter, MeterKind.Transformer, Commodity.Electricity, new(2), default, default, default, default, null);
        House[] list = [House(4, "d"), House(4, "d too"), House(5, "e"), House(6, "f") with { Microgrid = new(9) }];
        Assert.Equal(
            [
                new HouseRefused.MeterTwice(2, list[1].Meter),
                new HouseRefused.RegisteredOtherwise(3, list[2].Meter, new(2), MeterKind.Transformer),
                new HouseRefused.UnknownMicrogrid(4, new(9)),
            ],
            HouseRules.Check(list, [], Microgrids, meter => meter == there.Meter ? there : null));
    }

    [Fact]
    public void Check_OneHouseTooMany_RefusedWhole()
    {
        House[] most = [.. Enumerable.Range(1, HouseRules.MostAtOnce).Select(number => House(number, $"house {number}"))];
        Assert.Equal([], Check(most));
        Assert.Equal([new HouseRefused.TooMany(HouseRules.MostAtOnce + 1, HouseRules.MostAtOnce)], Check([.. most, House(9_999, "one more")]));
    }

    private static House House(int number, string name) => new(new(Address.Parse($"0x{number:x40}")), name, MeterKind.Premises, new(1), default);

    private static IReadOnlyList<HouseRefused> Check(IReadOnlyList<House> houses, IReadOnlyCollection<House>? known = null) =>
        HouseRules.Check(houses, known ?? [], Microgrids, _ => null);
}
