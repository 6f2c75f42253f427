using System.IO.Compression;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Simulation.Chance;
using Busbar.Simulation.Replay;
using NodaTime;

namespace Busbar.Simulation.Tests.Replay;

public sealed class ReplayFileTests : IDisposable
{
    private static readonly ColumnMap Wide = new() { Layout = FileLayout.Wide, TimeColumn = "time", Stamp = TimeStamp.Start, IntervalMinutes = 15 };

    private static readonly ColumnMap Long = new()
    {
        Layout = FileLayout.Long,
        TimeColumn = "time",
        IdColumn = "home",
        Values = new(Load: "load", Generation: "pv"),
        Stamp = TimeStamp.Start,
        IntervalMinutes = 60,
    };

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(TimeStamp.Start, 0)]
    [InlineData(TimeStamp.End, -15)]
    public void Open_Wide_PlacesValuesByTheirStamp(TimeStamp stamp, int startMinutes)
    {
        var file = Open(Wide with { Stamp = stamp }, "time,a,b", "2025-01-01T00:00,1,2", "2025-01-01T00:15,0.5,0.25");

        Assert.Equal(Instant.FromUtc(2025, 1, 1, 0, 0) + Duration.FromMinutes(startMinutes), file.Start);
        Assert.Equal(2, file.Intervals);
        Assert.Equal("a b", string.Join(' ', file.Meters.Select(meter => meter.Name)));
        Assert.Equal((1_000_000, 2_000_000), (Import(file, 0, 0), Import(file, 0, 1)));
        Assert.Equal((500_000, 250_000), (Import(file, 1, 0), Import(file, 1, 1)));
        Assert.Equal(3_750_000, file.Totals.Accepted.Import.MilliwattHours);
        Assert.Equal(0, file.ProblemCount);
    }

    [Fact]
    public void Open_Packed_ReadsTheSame()
    {
        using (var packed = new GZipStream(File.Create(_path), CompressionLevel.Fastest))
            packed.Write("time,a\r\n2025-01-01T00:00,1\r\n\r\n2025-01-01T00:15,2"u8);

        var file = ReplayFile.Open(_path, Wide);

        Assert.Equal(3_000_000, file.TotalOf(0).Import.MilliwattHours);
        Assert.Equal(2, file.Intervals);
    }

    [Fact]
    public void Open_LongNet_ImportIsWhatLoadHasAboveGenerationAndExportWhatItHasBelow()
    {
        var file = Open(Long, "home,time,load,pv", "x,2025-01-01T00:00,2,0.5", "x,2025-01-01T01:00,1,3.25", "y,2025-01-01T01:00,1,0");

        Assert.Equal(new EnergySum(Kwh(1.5m), Kwh(0)), Get(file, 0, 0));
        Assert.Equal(new EnergySum(Kwh(0), Kwh(2.25m)), Get(file, 1, 0));
        Assert.Null(Get(file, 0, 1));
        Assert.Equal(new EnergySum(Kwh(1), Kwh(0)), Get(file, 1, 1));
    }

    [Fact]
    public void Open_LongPlant_GenerationHasAMeterOfItsOwn()
    {
        var map = Long with { Generation = GenerationMetering.Plant };
        var file = Open(map, "home,time,load,pv", "x,2025-01-01T00:00,2,0.5");

        Assert.Equal([new("x", MeterKind.Premises), new ReplayMeter("x PV", MeterKind.Plant)], file.Meters);
        Assert.Equal(new EnergySum(Kwh(2), Kwh(0)), Get(file, 0, 0));
        Assert.Equal(new EnergySum(Kwh(0), Kwh(0.5m)), Get(file, 0, 1));
    }

    [Theory]
    [InlineData("2025-01-01T00:15,-1", ReplayProblemKind.Negative)]
    [InlineData("2025-01-01T00:15,25.000001", ReplayProblemKind.Absurd)]
    [InlineData("2025-01-01T00:15,x", ReplayProblemKind.NotANumber)]
    [InlineData("2025-01-01T00:15,", ReplayProblemKind.MissingValue)]
    [InlineData("2025-01-01T00:15,1e-20", ReplayProblemKind.TooFine)]
    [InlineData("2025-01-01T00:15", ReplayProblemKind.WrongColumnCount)]
    [InlineData("2025-01-01T00:15,1,1", ReplayProblemKind.WrongColumnCount)]
    [InlineData("2025-13-01T00:15,1", ReplayProblemKind.BadTime)]
    [InlineData("2025-02-30T00:15,1", ReplayProblemKind.BadTime)]
    [InlineData("2025-01-01T00:07,1", ReplayProblemKind.MisalignedTime)]
    [InlineData("2025-01-01T00:00,1", ReplayProblemKind.Repeat)]
    [InlineData("2024-12-31T23:45,1", ReplayProblemKind.OutOfOrder)]
    public void Open_BadLine_RefusedByNameAndLine_StrictStops(string bad, ReplayProblemKind kind)
    {
        string[] lines = ["time,a", "2025-01-01T00:00,1", bad, "2025-01-01T00:30,2"];

        var file = Open(Wide, lines);
        var strict = Assert.Throws<ReplayException>(() => ReplayFile.Open(_path, Wide, new ReplayOptions { Strict = true }));

        Assert.Equal((3L, kind), (file.Problems[0].Line, file.Problems[0].Kind));
        Assert.Equal((3L, kind), (strict.Problem.Line, strict.Problem.Kind));
        Assert.Equal(1, file.Totals.RefusedValues);
        Assert.Equal(Kwh(3), file.TotalOf(0).Import);
        Assert.Null(Get(file, 1, 0));
    }

    [Fact]
    public void Open_RefusedNumbers_AreSummedApart()
    {
        var file = Open(Wide, "time,a,b", "2025-01-01T00:00,1,1", "2025-01-01T00:15,30,1", "2025-01-01T00:15,2,3", "2025-01-01T00:30,-4,1");

        Assert.Equal(Kwh(4), file.Totals.Accepted.Import);
        Assert.Equal(Kwh(30 + 5 - 4), file.Totals.Refused.Import);
        Assert.Equal((4L, 4L), (file.Totals.AcceptedValues, file.Totals.RefusedValues));
        Assert.Equal(Kwh(5), file.Problems.Single(problem => problem.Kind is ReplayProblemKind.Repeat).Import);
    }

    [Fact]
    public void Open_MissingLines_ToldAsGapAndMissing()
    {
        var file = Open(Wide, "time,a", "2025-01-01T00:00,1", "2025-01-01T00:15,1", "2025-01-01T00:30,1", "2025-01-01T01:15,2");

        var problem = Assert.Single(file.Problems);
        Assert.Equal((5L, ReplayProblemKind.Gap), (problem.Line, problem.Kind));
        Assert.StartsWith("2 intervals", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(6, file.Intervals);
        Assert.Null(Get(file, 3, 0));
        Assert.Equal(2_000_000, Import(file, 5, 0));
    }

    [Fact]
    public void Open_ClocksPutBack_OrderOfLinesTellsTheHours()
    {
        var map = Wide with { Zone = "Europe/Zurich", IntervalMinutes = 60 };
        var file = Open(
            map, "time,a", "2025-10-26T01:00,1", "2025-10-26T02:00,2", "2025-10-26T02:00,3", "2025-10-26T03:00,4");

        Assert.Equal(0, file.ProblemCount);
        Assert.Equal(Instant.FromUtc(2025, 10, 25, 23, 0), file.Start);
        Assert.Equal([1, 2, 3, 4], Enumerable.Range(0, 4).Select(hour => Import(file, hour, 0) / 1_000_000));
    }

    [Fact]
    public void Open_ClocksPutForward_TheHourThatIsNotIsRefusedAndNothingIsMissing()
    {
        var map = Wide with { Zone = "Europe/Zurich", IntervalMinutes = 60 };
        var file = Open(
            map, "time,a", "2025-03-30T00:00,1", "2025-03-30T01:00,1", "2025-03-30T02:00,5", "2025-03-30T03:00,1");

        var problem = Assert.Single(file.Problems);
        Assert.Equal((4L, ReplayProblemKind.NonexistentTime), (problem.Line, problem.Kind));
        Assert.Equal(Kwh(5), problem.Import);
        Assert.Equal(3, file.Intervals);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(30)]
    public void Open_LinesAtAnotherInterval_Stops(int minutes)
    {
        var lines = Enumerable.Range(0, 40).Select(line =>
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{1_735_689_600 + (line * minutes * 60)},1"));

        var stop = Assert.Throws<ReplayException>(() => Open(Wide with { TimeFormat = "unix" }, ["time,a", .. lines]));

        Assert.Equal(ReplayProblemKind.IntervalMismatch, stop.Problem.Kind);
        Assert.Contains($"{minutes} min apart", stop.Problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ZoneThatTheIntervalDoesNotDivide_EveryLineMisaligned()
    {
        var map = Wide with { Zone = "Asia/Kolkata", IntervalMinutes = 60 };

        var stop = Assert.Throws<ReplayException>(() => Open(map, "time,a", "2025-01-01T00:00,1", "2025-01-01T01:00,1"));

        Assert.Equal(ReplayProblemKind.MisalignedTime, stop.Problem.Kind);
    }

    [Theory]
    [InlineData("when,a", ReplayProblemKind.MissingColumn)]
    [InlineData("time,a,a", ReplayProblemKind.MissingColumn)]
    [InlineData("", ReplayProblemKind.NoReadings)]
    [InlineData("time,a", ReplayProblemKind.NoReadings)]
    public void Open_UnusableFile_Stops(string header, ReplayProblemKind kind) =>
        Assert.Equal(kind, Assert.Throws<ReplayException>(() => Open(Wide, header)).Problem.Kind);

    [Fact]
    public void Open_GapThatWouldFillTheMemory_Stops()
    {
        Write("time,a", "2025-01-01T00:00,1", "2025-01-01T00:15,1", "2199-01-01T00:00,1");

        var stop = Assert.Throws<ReplayException>(() => ReplayFile.Open(_path, Wide, new ReplayOptions { MaximumValues = 1000 }));

        Assert.Equal(ReplayProblemKind.TooLarge, stop.Problem.Kind);
    }

    [Fact]
    public void Open_NoFileOrDamagedPacking_Unreadable()
    {
        Assert.Equal(ReplayProblemKind.Unreadable, Assert.Throws<ReplayException>(() => ReplayFile.Open(_path, Wide)).Problem.Kind);
        File.WriteAllBytes(_path, [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        Assert.Equal(ReplayProblemKind.Unreadable, Assert.Throws<ReplayException>(() => ReplayFile.Open(_path, Wide)).Problem.Kind);
    }

    // Whatever the decimals, a register is never further than half a milliwatt-hour from the file's exact sum.
    [Fact]
    public void Open_ValuesFinerThanAMilliwattHour_RunningTotalRoundsNothingAdds()
    {
        var chance = new SeededGenerator(4);
        var values = Enumerable.Range(0, 1000).Select(_ => new decimal(chance.Below(1_000_000_000), 0, 0, isNegative: false, scale: 9)).ToList();
        var file = Open(Wide with { TimeFormat = "unix" }, ["time,a", .. values.Select((value, line) =>
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{1_735_689_600 + (line * 900)},{value}"))]);

        var sum = 0m;
        var register = 0L;
        for (var line = 0; line < values.Count; line++)
        {
            sum += values[line] * 1_000_000;
            register += Import(file, line, 0);
            Assert.InRange(register - sum, -0.5m, 0.5m);
        }
    }

    [Fact]
    public void TryRead_FileWithAGap_RegistersFromZeroAndNoReadingInTheGap()
    {
        var file = Open(Wide, "time,a,b", "2025-01-01T00:00,1,", "2025-01-01T00:15,1,1", "2025-01-01T00:30,,2");
        var source = new ReplayRegisters(file);

        var readings = Enumerable.Range(0, source.Boundaries)
            .Select(boundary => (Read(source, boundary, 0), Read(source, boundary, 1))).ToList();

        Assert.Equal([(0L, null), (1_000_000L, 0L), (2_000_000L, 1_000_000L), (null, 3_000_000L)], readings);
        Assert.Equal(file.Start + Duration.FromMinutes(45), source.InstantOf(3));
    }

    private static long? Read(ReplayRegisters source, int boundary, int meter) =>
        source.TryRead(boundary, meter, out var registers) ? registers.Import.MilliwattHours : null;

    private static EnergySum? Get(ReplayFile file, int interval, int meter) => file.TryGet(interval, meter, out var energy) ? energy : null;

    private static long Import(ReplayFile file, int interval, int meter) => Get(file, interval, meter)!.Value.Import.MilliwattHours;

    private static Energy Kwh(decimal amount) => Energy.FromKilowattHours(amount);

    private ReplayFile Open(ColumnMap map, params string[] lines)
    {
        Write(lines);
        return ReplayFile.Open(_path, map);
    }

    private void Write(params string[] lines) => File.WriteAllText(_path, string.Concat(lines.Select(line => line.Length == 0 ? "" : line + "\n")));
}
