using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Intake;

/// <summary>Sequence numbers over the wire: gaps, what fills them, and what is sent twice.</summary>
public sealed class SequenceTests
{
    [EngineFact]
    public async Task Publish_GapThenReadingsLost_GoesOnFromThere()
    {
        await using var community = new TestCommunity(new TestMeter("house 1"));
        await community.OpenAsync(now: 8);
        var meter = community.Meters[0];
        var connection = await community.ConnectionOfAsync(meter);
        await connection.ReadAsync(1);
        meter.Next = 4;
        await connection.ReadAsync(4);
        var notice = await connection.RefusalAsync();
        Assert.Equal(("SequenceGap", 4UL, 2UL), (notice.Reason, notice.Sequence, notice.Expected));

        meter.Next = 4;
        await connection.SendAsync(meter.Seal(meter.Read(4, ReadingFlags.ClockSet | ReadingFlags.ReadingsLost), community.Domain));
        await connection.ReadAsync(5);
        await community.MoveToAsync(TestCommunity.At(9));

        var totals = await community.Node.TotalsAsync(default);
        Assert.Equal((4, 1), (totals.Acknowledged, totals.Refused));
        var points = await community.Node.Store.Readings.SeriesAsync(meter.Id, TestCommunity.At(0), TestCommunity.At(9), default);
        Assert.Equal([1, 4, 5], points.Select(point => (int)((point.Instant - TestCommunity.At(0)).TotalMinutes / 15)));
    }

    [EngineFact]
    public async Task Publish_SameReadingAgain_AcknowledgedAndStoredOnce()
    {
        await using var community = await TestCommunity.StartAsync(new TestMeter("house 1"));
        var meter = community.Meters[0];
        var connection = await community.ConnectionOfAsync(meter);
        var payload = meter.Seal(meter.Read(0), community.Domain);
        await connection.SendAsync(payload);
        await connection.SendAsync(payload);
        await connection.SendAsync(payload);
        await community.MoveToAsync(TestCommunity.At(0));

        var totals = await community.Node.TotalsAsync(default);
        Assert.Equal((3, 0, 0), (totals.Acknowledged, totals.Refused, totals.Quarantined));
        Assert.Equal(1, (await community.Node.Store.Readings.TotalsAsync(default)).Readings);
    }

    [EngineFact]
    public async Task Publish_RefusedForItsContent_NumberIsTakenAndTheNextIsNoGap()
    {
        await using var community = new TestCommunity(new TestMeter("house 1"));
        await community.OpenAsync(now: 8);
        var meter = community.Meters[0];
        var connection = await community.ConnectionOfAsync(meter);
        await connection.ReadAsync(1);
        var absurd = meter.Read(2) with { Registers = new(MeterRegister.FromMilliwattHours(long.MaxValue), default) };
        await connection.SendAsync(meter.Seal(absurd, community.Domain));
        Assert.Equal("AboveConnection", (await connection.RefusalAsync()).Reason);

        await connection.ReadAsync(3);
        await community.MoveToAsync(TestCommunity.At(8));

        Assert.Equal(meter.RegistersAt(3), (await community.Node.Store.Readings.ReadingAsync(meter.Id, TestCommunity.At(3), default))!.Reading.Registers);
        Assert.Equal(1, (await community.Node.TotalsAsync(default)).Refused);
    }
}
