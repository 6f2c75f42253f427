using Busbar.Cryptography;
using Busbar.Device.Boards;
using Busbar.Device.Link;
using Busbar.Device.Meters;
using Busbar.Device.Tests.Testing;
using Busbar.Domain.Metering;
using Busbar.Tests;
using NodaTime;

namespace Busbar.Device.Tests.Meters;

public sealed class MeterDeviceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 11, 55, 0, TimeSpan.Zero));
    private double _watts = 1000;

    private SimulatedBoard Board => field ??= new SimulatedBoard(() => _watts);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sample_OverIntervalEnds_KeepsASignedReadingOfEach()
    {
        using var meter = Open();

        Run(meter, minutes: 36);

        var first = meter.Buffer.NextWaiting(1, out _)!;
        var third = meter.Buffer.NextWaiting(3, out _)!;
        Assert.Equal(3, meter.Buffer.Waiting);
        Assert.Equal(Instant.FromUtc(2026, 1, 1, 12, 0), first.Reading.Instant);
        Assert.Equal(83_333, first.Reading.Registers.Import.MilliwattHours);
        Assert.Equal(583_333, third.Reading.Registers.Import.MilliwattHours);
        Assert.Equal((1U, 3UL, ReadingFlags.ClockSet), (third.Reading.Boot, third.Reading.Sequence, third.Reading.Flags));
        Assert.True(third.IsGenuine(TestReadings.Domain, out _));
        Assert.Equal(meter.Id, third.Reading.Meter);
    }

    [Fact]
    public void Open_Again_CountsTheStartAndGoesOnWithSequenceAndRegisters()
    {
        MeterId id;
        using (var meter = Open())
        {
            Run(meter, minutes: 6);
            id = meter.Id;
        }

        using var again = Open();
        Run(again, minutes: 15);

        var newest = again.Buffer.Newest!.Reading;
        Assert.Equal((id, 2U, 2UL), (newest.Meter, newest.Boot, newest.Sequence));
        Assert.Equal(Instant.FromUtc(2026, 1, 1, 12, 15), newest.Instant);
        Assert.InRange(newest.Registers.Import.MilliwattHours, 333_333 - 1, 333_333 + 1);
    }

    [Fact]
    public void Open_WhileItRuns_RefusedAndNothingChanged()
    {
        using (var meter = Open())
        {
            Run(meter, minutes: 6);
            Assert.ThrowsAny<IOException>(() => Open().Dispose());
        }

        using var again = Open();
        Assert.Equal((2U, 1), (again.Boot, again.Buffer.Waiting));
    }

    [Fact]
    public void Open_StateLost_BufferTellsBootSequenceAndRegisters()
    {
        using (var meter = Open())
            Run(meter, minutes: 6);
        File.WriteAllText(_folder.File("state.json"), "{ torn");

        using var again = Open();
        Run(again, minutes: 15);

        var newest = again.Buffer.Newest!.Reading;
        Assert.Equal((2U, 2UL), (newest.Boot, newest.Sequence));
        Assert.True(newest.Registers.Import.MilliwattHours >= 83_333 + 230_000);
    }

    [Fact]
    public void Open_BufferLost_SequenceGoesOnAndTheLossIsKnown()
    {
        using (var meter = Open())
            Run(meter, minutes: 6);
        File.Delete(_folder.File("readings.log"));

        using var again = Open();
        Run(again, minutes: 15);

        var reading = again.Buffer.NextWaiting(0, out var followsLoss)!.Reading;
        Assert.Equal(2UL, reading.Sequence);
        Assert.True(followsLoss);
    }

    [Fact]
    public void Sample_ClockNotSet_CountsButDoesNotRead()
    {
        using var meter = Open(ownClock: false);
        Run(meter, minutes: 30);
        Assert.Equal(0, meter.Buffer.Waiting);
        Assert.Equal(500_000, meter.Registers.Import.MilliwattHours);

        meter.Clock.Set(Instant.FromUtc(2026, 3, 3, 8, 58));
        Run(meter, minutes: 3);

        var reading = Assert.Single([meter.Buffer.Newest!]).Reading;
        Assert.Equal(Instant.FromUtc(2026, 3, 3, 9, 0), reading.Instant);
        Assert.InRange(reading.Registers.Import.MilliwattHours, 533_000, 534_000);
    }

    [Fact]
    public void Sample_ExportAndTamper_AreInTheReading()
    {
        using var meter = Open();
        _watts = -600;
        Board.OpenCover();

        Run(meter, minutes: 5);

        var reading = meter.Buffer.Newest!.Reading;
        Assert.Equal((0L, 50_000L), (reading.Registers.Import.MilliwattHours, reading.Registers.Export.MilliwattHours));
        Assert.Equal(ReadingFlags.ClockSet | ReadingFlags.CoverOpened, reading.Flags);
    }

    [Fact]
    public void ReadOnRequest_BetweenEnds_IsMarkedAndOnceASecond()
    {
        using var meter = Open();
        Run(meter, minutes: 1);

        var reading = meter.ReadOnRequest()!.Reading;

        Assert.Equal(ReadingFlags.ClockSet | ReadingFlags.OnRequest, reading.Flags);
        Assert.Equal(Instant.FromUtc(2026, 1, 1, 11, 56), reading.Instant);
        Assert.Null(meter.ReadOnRequest());
    }

    [Fact]
    public async Task RunAsync_WithANode_ReadingsArrive()
    {
        await using var node = new TestNode();
        using var meter = Open(node: node);
        Run(meter, minutes: 36);
        using var stop = new CancellationTokenSource();

        var running = Task.Run(() => meter.RunAsync(stop.Token));
        for (var sequence = 1UL; sequence <= 3; sequence++)
            Assert.Equal(sequence, (await node.NextReadingAsync()).Reading.Sequence);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private MeterDevice Open(bool ownClock = true, TestNode? node = null) => MeterDevice.Open(
        new MeterDeviceOptions
        {
            Folder = _folder.Path,
            Password = "secret",
            KeystoreCost = new KeystoreCost(2, 1),
            Domain = TestReadings.Domain,
            Firmware = TestReadings.Firmware,
            Link = meter => new MeterLinkOptions { Connection = node?.Options(meter.ToString()) ?? new() { ClientId = "nobody" } },
            OwnClockIsTrusted = ownClock,
        },
        Board,
        _time);

    private void Run(MeterDevice meter, int minutes)
    {
        for (var second = 0; second < minutes * 60; second += 10)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            meter.Sample();
        }
    }
}
