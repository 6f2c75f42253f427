using Busbar.Cryptography;
using Busbar.Device.Fleet;
using Busbar.Device.Protocol;
using Busbar.Device.Tests.Testing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Device.Tests.Fleet;

public class MeterFleetTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task PublishAsync_SeveralBoundaries_GenuineReadingsInOrder(int ahead)
    {
        await using var node = new TestNode();
        await using var fleet = await ConnectAsync(node, Meters(3), new Counting(boundaries: 4), ahead);

        for (var boundary = 0; boundary < 4; boundary++)
            Assert.Equal(3, await fleet.PublishAsync(boundary, CancellationToken.None));

        var readings = Taken(node).ToLookup(signed => signed.Reading.Meter);
        Assert.Equal(3, readings.Count);
        foreach (var (place, meter) in fleet.Meters.Index())
        {
            var own = readings[meter.Id].ToList();
            Assert.All(own, signed => Assert.True(signed.IsGenuine(TestReadings.Domain, out _)));
            Assert.Equal([1UL, 2, 3, 4], own.Select(signed => signed.Reading.Sequence));
            Assert.Equal([0L, 1, 2, 3], own.Select(signed => signed.Reading.Registers.Import.MilliwattHours - (100 * place)));
            Assert.Equal([0L, 900, 1800, 2700], own.Select(signed => signed.Reading.Instant.ToUnixTimeSeconds()));
        }
    }

    [Fact]
    public async Task PublishAsync_MeterWithoutReading_SkipsNoSequenceNumber()
    {
        await using var node = new TestNode();
        await using var fleet = await ConnectAsync(node, Meters(1), new Counting(boundaries: 3, missing: 1), ahead: 2);

        Assert.Equal(1, await fleet.PublishAsync(0, CancellationToken.None));
        Assert.Equal(0, await fleet.PublishAsync(1, CancellationToken.None));
        Assert.Equal(1, await fleet.PublishAsync(2, CancellationToken.None));
        Assert.Equal([1UL, 2], Taken(node).Select(signed => signed.Reading.Sequence));
    }

    [Fact]
    public async Task PublishAsync_OutOfOrder_Throws()
    {
        await using var node = new TestNode();
        await using var fleet = await ConnectAsync(node, Meters(1), new Counting(boundaries: 3), ahead: 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => fleet.PublishAsync(1, CancellationToken.None));
        await fleet.PublishAsync(0, CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => fleet.PublishAsync(0, CancellationToken.None));
    }

    [Fact]
    public async Task PublishAsync_NotAcknowledged_Waits_LostConnection_SendsAgain()
    {
        await using var node = new TestNode { Hold = true };
        await using var fleet = await ConnectAsync(node, Meters(1), new Counting(boundaries: 1), ahead: 0);

        var publishing = fleet.PublishAsync(0, CancellationToken.None);
        var first = await node.NextReadingAsync();
        Assert.False(publishing.IsCompleted);
        node.Cut();
        var second = await node.NextReadingAsync();
        node.AcknowledgeHeld();

        Assert.Equal(1, await publishing);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task TakeOffline_ThenOnline_SendsWhatWasKeptInOrder()
    {
        await using var node = new TestNode();
        await using var fleet = await ConnectAsync(node, Meters(1), new Counting(boundaries: 4), ahead: 0);

        await fleet.PublishAsync(0, CancellationToken.None);
        await fleet.TakeOfflineAsync(0);
        await fleet.PublishAsync(1, CancellationToken.None);
        await fleet.PublishAsync(2, CancellationToken.None);
        Assert.Equal([1UL], Taken(node).Select(signed => signed.Reading.Sequence));
        await fleet.PutOnlineAsync(0, CancellationToken.None);
        await fleet.PublishAsync(3, CancellationToken.None);

        Assert.Equal([2UL, 3, 4], Taken(node).Select(signed => signed.Reading.Sequence));
    }

    [Fact]
    public async Task Refused_ByTheNode_IsTold()
    {
        var told = new TaskCompletionSource<(VirtualMeter Meter, RefusalNotice Notice)>();
        await using var node = new TestNode();
        var meters = Meters(2);
        await using var fleet = await ConnectAsync(node, meters, new Counting(boundaries: 1), ahead: 0, (meter, notice) => told.SetResult((meter, notice)));

        node.Publish(meters[1].Topics.Refused, """{"sequence":"7","reason":"SequenceGap","detail":"x","expected":"6"}"""u8);

        var (meter, notice) = await told.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Same(meters[1], meter);
        Assert.Equal(new RefusalNotice(7, "SequenceGap", "x", 6), notice);
    }

    [Fact]
    public async Task PublishTelemetry_Connected_ReachesTheNode()
    {
        await using var node = new TestNode();
        await using var fleet = await ConnectAsync(node, Meters(1), new Counting(boundaries: 1), ahead: 0);

        await fleet.PublishTelemetryAsync(0, new MeterTelemetry { Power = 12.5 }, CancellationToken.None);

        Assert.Equal("""{"power":12.5}""", System.Text.Encoding.UTF8.GetString((await node.NextAsync("telemetry")).Payload));
    }

    private static List<VirtualMeter> Meters(int count) =>
        [.. Enumerable.Range(0, count).Select(place => new VirtualMeter($"m{place}", PrivateKey.FromSeed([(byte)place]), TestReadings.Firmware))];

    private static Task<MeterFleet> ConnectAsync(
        TestNode node, List<VirtualMeter> meters, IRegisterSource source, int ahead, Action<VirtualMeter, RefusalNotice>? refused = null)
    {
        var options = new MeterFleetOptions
        {
            Domain = TestReadings.Domain,
            Connection = meter => node.Options(meter.Name),
            SignAhead = ahead,
            Refused = refused,
        };
        return MeterFleet.ConnectAsync(meters, source, options, TimeProvider.System, CancellationToken.None);
    }

    private static List<SignedReading> Taken(TestNode node)
    {
        var readings = new List<SignedReading>();
        while (node.TryTake(out var message))
            readings.Add(ReadingJson.Decode(message.Payload).Reading!);
        return readings;
    }

    private sealed class Counting(int boundaries, int missing = -1) : IRegisterSource
    {
        public int Boundaries => boundaries;

        public Instant InstantOf(int boundary) => Instant.FromUnixTimeSeconds(900 * boundary);

        public bool TryRead(int boundary, int meter, out Registers registers)
        {
            registers = new(MeterRegister.FromMilliwattHours((100 * meter) + boundary), MeterRegister.Zero);
            return boundary != missing;
        }
    }
}
