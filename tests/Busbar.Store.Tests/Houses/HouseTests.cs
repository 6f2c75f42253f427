using Busbar.Domain.Community;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Store.Sqlite;
using Busbar.Store.Tests.Conformance;
using Busbar.Store.Tests.Sqlite;

namespace Busbar.Store.Tests.Houses;

/// <summary>The directory of houses on disk.</summary>
public sealed class HouseTests : StoreSuite
{
    private SqliteStore Sqlite => ((OpenSqlite)Store).Store;

    [Fact]
    public async Task Put_Houses_ComeBackWholeAfterARestart()
    {
        var whole = House(1, "house of the \U0001F600") with { District = "\u0909\u0924\u094D\u0924\u0930", Feeder = "F 7", Connection = Power.FromWatts(3_680.125) };
        var plain = House(2, "plant") with { Kind = MeterKind.Plant, Premises = default };
        await Sqlite.Houses.PutAsync([whole, plain], None);
        await ((OpenSqlite)Store).ReopenAsync();

        Assert.Equal([whole, plain], await Sqlite.Houses.AllAsync(None));
    }

    [Fact]
    public async Task Put_NamesExchanged_Written()
    {
        await Sqlite.Houses.PutAsync([House(1, "a"), House(2, "b"), House(3, "c")], None);
        await Sqlite.Houses.PutAsync([House(1, "b"), House(2, "a")], None);

        Assert.Equal(["a 2", "b 1", "c 3"], (await Sqlite.Houses.AllAsync(None)).Select(Text).ToList());
    }

    [Fact]
    public async Task Put_OneThatTheFileRefuses_NoneIsWritten()
    {
        await Sqlite.Houses.PutAsync([House(1, "a")], None);
        await Assert.ThrowsAnyAsync<Exception>(() => Sqlite.Houses.PutAsync([House(2, "b"), House(3, "a")], None));

        Assert.Equal(["a 1"], (await Sqlite.Houses.AllAsync(None)).Select(Text).ToList());
        await Sqlite.Houses.PutAsync([House(2, "b")], None);
    }

    [Fact]
    public async Task All_ADamagedKind_SaysSo()
    {
        await Sqlite.Houses.PutAsync([House(1, "a")], None);
        ((OpenSqlite)Store).Execute("UPDATE house SET kind = 'Castle'");

        Assert.Contains("Castle", (await Assert.ThrowsAnyAsync<Exception>(() => Sqlite.Houses.AllAsync(None))).ToString(), StringComparison.Ordinal);
    }

    protected override async Task<IOpenStore> OpenAsync() => await OpenSqlite.OpenAsync();

    private static House House(int number, string name) => new(Meter(number), name, MeterKind.Premises, Grid, new(Hash(number)));

    private static string Text(House house) => $"{house.Name} {Enumerable.Range(1, 3).Single(number => Meter(number) == house.Meter)}";
}
