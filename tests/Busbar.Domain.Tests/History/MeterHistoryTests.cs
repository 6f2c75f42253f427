using Busbar.Domain.History;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Tests.History;

public sealed class MeterHistoryTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 3, 1, 0, 0);

    [Fact]
    public void Make_AReadingAtEachBoundary_EveryRowIsTheDifferenceOfItsRegisters()
    {
        var table = Make(3, [(0, 100, 5), (1, 250, 5), (1.5, 300, 6), (2, 400, 7), (3, 1000, 7)]);
        Assert.Equal([Sum(150, 0), Sum(150, 2), Sum(600, 0)], table.Rows.Select(row => row.Energy));
        Assert.All(table.Rows, row => Assert.Equal(HistoryMarks.Complete, row.Marks));
        Assert.Equal(Sum(900, 2), table.Total);
        Assert.Equal((At(0), At(3)), (table.First!.Value, table.Last!.Value));
    }

    [Fact]
    public void Make_NoReadingAtABoundary_ItsEnergyFallsIntoTheNextKnownRow()
    {
        var table = Make(4, [(0, 100, 0), (0.5, 120, 0), (1.5, 300, 0), (3, 400, 0), (4, 450, 0)]);
        Assert.Equal([null, null, Sum(300, 0), Sum(50, 0)], table.Rows.Select(row => row.Energy));
        Assert.Equal([HistoryMarks.Missing, HistoryMarks.Missing, HistoryMarks.Gathered, HistoryMarks.Complete], Marks(table));
        Assert.Equal(Sum(350, 0), table.Total);
    }

    [Fact]
    public void Make_ReadingsBeginAndEndInside_ThoseRowsArePartialAndTheOthersUnknown()
    {
        var table = Make(6, [(1.5, 100, 0), (2, 110, 0), (3, 120, 0), (4.5, 200, 0)]);
        Assert.Equal([null, Sum(10, 0), Sum(10, 0), null, Sum(80, 0), null], table.Rows.Select(row => row.Energy));
        Assert.Equal(
            [HistoryMarks.Nothing, HistoryMarks.Partial, HistoryMarks.Complete, HistoryMarks.Missing, HistoryMarks.Gathered | HistoryMarks.Partial,
                HistoryMarks.Nothing],
            Marks(table));
        Assert.Equal(Sum(100, 0), table.Total);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(1.5)]
    [InlineData(2.0)]
    public void Make_OneReadingAlone_TellsNothing(double at)
    {
        var table = Make(2, [(at, 100, 0)]);
        Assert.All(table.Rows, row => Assert.Null(row.Energy));
        Assert.Equal(default, table.Total);
    }

    [Fact]
    public void Make_NoReadings_EveryRowIsThereAndUnknown()
    {
        var table = Make(3, []);
        Assert.Equal([At(0), At(1), At(2)], table.Rows.Select(row => row.Start));
        Assert.All(table.Rows, row => Assert.Equal(new(row.Start, row.End, null, HistoryMarks.Nothing), row));
        Assert.Null(table.First);
    }

    [Fact]
    public void Make_EstimateAtABoundary_CountsAndIsMarkedOnBothSides()
    {
        var table = Make(3, [(0, 100, 0), (2, 200, 0), (3, 210, 0)], [(1, 170, 0)]);
        Assert.Equal([Sum(70, 0), Sum(30, 0), Sum(10, 0)], table.Rows.Select(row => row.Energy));
        Assert.Equal([HistoryMarks.Estimated, HistoryMarks.Estimated, HistoryMarks.Complete], Marks(table));
        Assert.Equal(Sum(110, 0), table.Total);
    }

    [Fact]
    public void Make_EstimateThatTheReadingsRefute_IsLeftOut()
    {
        var table = Make(4, [(0, 100, 0), (2, 200, 0), (4, 210, 0)], [(1, 201, 0), (3, 199, 0)]);
        Assert.Equal([null, Sum(100, 0), null, Sum(10, 0)], table.Rows.Select(row => row.Energy));
    }

    [Fact]
    public void Make_EstimateBesideAReading_TheReadingStands()
    {
        var table = Make(1, [(0, 100, 0), (1, 150, 0)], [(0, 90, 0), (1, 160, 0)]);
        Assert.Equal((Sum(50, 0), HistoryMarks.Complete), (table.Rows[0].Energy, table.Rows[0].Marks));
    }

    [Fact]
    public void Make_MeterSilentSince_EstimatesGoOnAndSaySo()
    {
        var table = Make(3, [(0, 100, 0), (1, 150, 0)], [(2, 180, 0), (3, 200, 0)]);
        Assert.Equal([Sum(50, 0), Sum(30, 0), Sum(20, 0)], table.Rows.Select(row => row.Energy));
        Assert.Equal(At(3), table.Last);
    }

    [Fact]
    public void Make_MeterChanged_TheNewOneCountsFromZero()
    {
        var table = Make(3, [(0, 9_000, 50), (1, 9_100, 60), (1.5, 9_150, 60), (2, 30, 1), (3, 70, 4)], [(2.5, 1, 1)]);
        Assert.Equal([Sum(100, 10), Sum(80, 1), Sum(40, 3)], table.Rows.Select(row => row.Energy));
        Assert.Equal([HistoryMarks.Complete, HistoryMarks.RegisterReset, HistoryMarks.Complete], Marks(table));
        Assert.Equal(Sum(220, 14), table.Total);
    }

    [Fact]
    public void Make_AnyReadings_RowsAddUpToTheTotal()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var (import, export) = (0L, 0L);
            var readings = new List<(double, long, long)>();
            var estimates = new List<(double, long, long)>();
            for (var quarter = 0; quarter <= 40; quarter++)
            {
                (import, export) = random.Next(60) == 0 ? (random.Next(9), random.Next(9)) : (import + random.Next(50), export + random.Next(50));
                if (random.Next(3) > 0)
                    readings.Add((quarter / 4.0, import, export));
                else if (quarter % 4 == 0 && random.Next(2) == 0)
                    estimates.Add((quarter / 4.0, import + random.Next(-9, 9) is var guess and >= 0 ? guess : 0, export));
            }

            var table = Make(10, [.. readings], [.. estimates]);
            Assert.Equal(table.Total, table.Rows.Aggregate(default(EnergySum), (sum, row) => sum + (row.Energy ?? default)));
            Assert.All(table.Rows, row => Assert.True(row.Energy is null or { Import.MilliwattHours: >= 0, Export.MilliwattHours: >= 0 }));
            Assert.All(table.Rows, row => Assert.Equal(row.Energy is null, row.Marks.HasFlag(HistoryMarks.Missing) || row.Marks.HasFlag(HistoryMarks.Nothing)));
        }
    }

    [Fact]
    public void Sum_OfTwoMeters_EnergiesAddAndMarksGather()
    {
        var old = Make(3, [(0, 100, 0), (1, 110, 0), (2, 120, 0), (3, 130, 0)]);
        var added = Make(3, [(1.5, 5, 0), (2.5, 8, 0), (3, 9, 0)]);
        var sum = HistoryTable.Sum([old, added]);
        Assert.Equal([Sum(10, 0), Sum(10, 0), Sum(14, 0)], sum.Rows.Select(row => row.Energy));
        Assert.Equal([HistoryMarks.Complete, HistoryMarks.Missing | HistoryMarks.Partial, HistoryMarks.Gathered], Marks(sum));
        Assert.Equal((old.Total + added.Total, At(0), At(3)), (sum.Total, sum.First!.Value, sum.Last!.Value));
        Assert.Throws<ArgumentException>(() => HistoryTable.Sum([old, Make(2, [])]));
        Assert.Throws<ArgumentException>(() => HistoryTable.Sum([]));
    }

    private static IEnumerable<HistoryMarks> Marks(HistoryTable table) => table.Rows.Select(row => row.Marks);

    private static EnergySum? Sum(long import, long export) => new(Energy.FromMilliwattHours(import), Energy.FromMilliwattHours(export));

    private static Instant At(double hours) => Start + Duration.FromHours(hours);

    private static HistoryTable Make(int rows, (double At, long Import, long Export)[] readings, (double At, long Import, long Export)[]? estimates = null) =>
        MeterHistory.Make([.. Enumerable.Range(0, rows + 1).Select(i => At(i))], [.. readings.Select(Point)], [.. (estimates ?? []).Select(Point)]);

    private static HistoryPoint Point((double At, long Import, long Export) one) => new(
        At(one.At), new(MeterRegister.FromMilliwattHours(one.Import), MeterRegister.FromMilliwattHours(one.Export)));
}
