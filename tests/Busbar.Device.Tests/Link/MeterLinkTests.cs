using System.Text;
using Busbar.Device.Buffer;
using Busbar.Device.Clock;
using Busbar.Device.Link;
using Busbar.Device.Protocol;
using Busbar.Device.Tests.Testing;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Device.Tests.Link;

public sealed class MeterLinkTests : IAsyncLifetime, IMeterLinkObserver
{
    private static readonly MeterTopics Topics = new(TestReadings.Meter);

    private readonly TemporaryFolder _folder = new();
    private readonly TestNode _node = new();
    private readonly MeterClock _clock = new(TimeProvider.System, ownIsTrusted: false);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _connected = new(0);
    private readonly SemaphoreSlim _disconnected = new(0);
    private ReadingBuffer _buffer = null!;
    private MeterLink _link = null!;
    private Task _running = Task.CompletedTask;

    public Task InitializeAsync()
    {
        _buffer = ReadingBuffer.Open(_folder.File("readings.log"), TestReadings.Domain);
        var options = new MeterLinkOptions { Connection = _node.Options("meter"), FirstPause = TimeSpan.FromMilliseconds(1), Window = 4, Observer = this };
        _link = new MeterLink(options, Topics, _buffer, TestReadings.Sign, _clock, TimeProvider.System);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        await _node.DisposeAsync();
        _buffer.Dispose();
        _folder.Dispose();
        _stop.Dispose();
        _connected.Dispose();
        _disconnected.Dispose();
    }

    void IMeterLinkObserver.Connected() => _connected.Release();

    void IMeterLinkObserver.Disconnected(string reason, TimeSpan retryAfter) => _disconnected.Release();

    [Fact]
    public async Task RunAsync_BufferedReadings_SentInOrderAndRemovedWhenAcknowledged()
    {
        Append(1, 10);
        Start();

        Assert.Equal(Sequences(1, 10), await ReceiveAsync(10));
        await UntilAsync(() => _buffer.Waiting == 0);
    }

    [Fact]
    public async Task RunAsync_NothingAcknowledged_SendsNoMoreThanTheWindow_RemovesNothing()
    {
        _node.Hold = true;
        Append(1, 10);
        Start();

        Assert.Equal(Sequences(1, 4), await ReceiveAsync(4));
        Assert.Equal(10, _buffer.Waiting);
        _node.AcknowledgeHeld();
        Assert.Equal(Sequences(5, 8), await ReceiveAsync(4));
        await UntilAsync(() => _buffer.Waiting == 6);
    }

    [Fact]
    public async Task RunAsync_ConnectionLost_SendsTheUnacknowledgedAgain()
    {
        _node.Hold = true;
        Append(1, 3);
        Start();
        await ReceiveAsync(3);

        _node.Cut();
        Assert.Equal(Sequences(1, 3), await ReceiveAsync(3));
        _node.AcknowledgeHeld();

        await UntilAsync(() => _buffer.Waiting == 0);
    }

    [Fact]
    public async Task RunAsync_NodeDown_TriesAgainUntilItIsUp()
    {
        _node.Down = true;
        Append(1, 1);
        Start();
        for (var attempt = 0; attempt < 3; attempt++)
            await PassAsync(_disconnected);
        Assert.False(_link.IsConnected);

        _node.Down = false;

        Assert.Equal(Sequences(1, 1), await ReceiveAsync(1));
    }

    [Fact]
    public async Task Wake_ReadingAppendedWhileConnected_IsSent()
    {
        Start();
        await PassAsync(_connected);

        Append(1, 1);
        _link.Wake();

        Assert.Equal(Sequences(1, 1), await ReceiveAsync(1));
    }

    [Fact]
    public async Task Refused_SequenceGap_SendsAgainFromTheExpected()
    {
        Append(1, 6);
        Start();
        await ReceiveAsync(6);
        await UntilAsync(() => _buffer.Waiting == 0);

        _node.Publish(Topics.Refused, """{"sequence":"6","reason":"SequenceGap","detail":"x","expected":"4"}"""u8);
        _node.Publish(Topics.Refused, """{"sequence":"5","reason":"SequenceGap","detail":"x","expected":"4"}"""u8);

        Assert.Equal(Sequences(4, 6), await ReceiveAsync(3));
        await UntilAsync(() => _buffer.Waiting == 0);
        Append(7, 7);
        _link.Wake();
        Assert.Equal(Sequences(7, 7), await ReceiveAsync(1));
    }

    [Fact]
    public async Task Refused_GapThatIsNotKept_TheOldestDeclaresTheLossAndIsGenuine()
    {
        Append(5, 6);
        Start();
        await ReceiveAsync(2);
        await UntilAsync(() => _buffer.Waiting == 0);

        _node.Publish(Topics.Refused, """{"sequence":"5","reason":"SequenceGap","detail":"x","expected":"2"}"""u8);
        var declared = await _node.NextReadingAsync();
        var next = await _node.NextReadingAsync();

        Assert.Equal((5UL, ReadingFlags.ClockSet | ReadingFlags.ReadingsLost), (declared.Reading.Sequence, declared.Reading.Flags));
        Assert.True(declared.IsGenuine(TestReadings.Domain, out _));
        Assert.Equal(TestReadings.Signed(6), next);
    }

    [Fact]
    public async Task State_OnlineWhileRunning_OfflineAfterGoodbyeAndAfterALostConnection()
    {
        Start();
        Assert.Equal(("""{"online":true}""", true), await StateAsync());

        _node.Cut();
        Assert.Equal(("""{"online":false}""", true), await StateAsync());
        Assert.Equal(("""{"online":true}""", true), await StateAsync());

        await StopAsync();
        Assert.Equal(("""{"online":false}""", true), await StateAsync());
    }

    [Fact]
    public async Task Time_Live_SetsTheClock_RetainedDoesNot()
    {
        _node.Publish(MeterTopics.Time, """{"now":"2020-01-01T00:00:00Z"}"""u8, retain: true);
        Start();
        await PassAsync(_connected);
        Assert.False(_clock.IsSet);

        await UntilAsync(() =>
        {
            _node.Publish(MeterTopics.Time, """{"now":"2026-01-01T00:00:00Z"}"""u8, retain: true);
            return _clock.IsSet;
        });

        Assert.InRange(_clock.Now - Instant.FromUtc(2026, 1, 1, 0, 0), Duration.Zero, Duration.FromMinutes(1));
    }

    [Fact]
    public async Task SendTelemetry_OnlyWhileConnected()
    {
        Assert.False(await _link.SendTelemetryAsync(new MeterTelemetry { Power = 1 }, CancellationToken.None));
        Start();
        await PassAsync(_connected);

        Assert.True(await _link.SendTelemetryAsync(new MeterTelemetry { Power = 2 }, CancellationToken.None));
        Assert.Equal("""{"power":2}""", Encoding.UTF8.GetString((await _node.NextAsync("telemetry")).Payload));
    }

    private static IEnumerable<ulong> Sequences(ulong first, ulong last)
    {
        for (var sequence = first; sequence <= last; sequence++)
            yield return sequence;
    }

    // A guard against hanging, never a wait: the condition comes by itself.
    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task PassAsync(SemaphoreSlim gate) => Assert.True(await gate.WaitAsync(TimeSpan.FromSeconds(30)));

    private void Start() => _running = Task.Run(() => _link.RunAsync(_stop.Token));

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await _running;
            throw new OperationCanceledException();
        });
    }

    private void Append(ulong first, ulong last)
    {
        foreach (var sequence in Sequences(first, last))
            _buffer.Append(TestReadings.Signed(sequence));
    }

    private async Task<List<ulong>> ReceiveAsync(int count)
    {
        var sequences = new List<ulong>();
        while (sequences.Count < count)
            sequences.Add((await _node.NextReadingAsync()).Reading.Sequence);
        return sequences;
    }

    private async Task<(string Payload, bool Retain)> StateAsync()
    {
        var (_, payload, retain) = await _node.NextAsync("state");
        return (Encoding.UTF8.GetString(payload), retain);
    }
}
