using System.Security.Cryptography;
using System.Threading.Channels;
using Busbar.Device.Buffer;
using Busbar.Device.Clock;
using Busbar.Device.Deliveries;
using Busbar.Device.Protocol;
using Busbar.Device.Supply;
using Busbar.Domain.Metering;
using Busbar.Domain.Trading;
using Busbar.Mqtt;
using NodaTime;

namespace Busbar.Device.Link;

/// <summary>
/// A meter's link to its node: opened again whenever it is lost, with growing pauses; sends the buffered readings in order, removes them
/// when they are acknowledged, and sends again what the node misses.
/// </summary>
public sealed class MeterLink
{
    // The readings that were under way behind a gap are refused for the same reason; they need no answer of their own.
    private static readonly TimeSpan SameGap = TimeSpan.FromSeconds(5);

    private readonly MeterLinkOptions _options;
    private readonly MeterTopics _topics;
    private readonly ReadingBuffer _buffer;
    private readonly Func<Reading, SignedReading> _sign;
    private readonly MeterClock _clock;
    private readonly TimeProvider _time;
    private readonly ReportQueue _reports = new();
    private readonly Backoff _backoff;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private RefusalNotice? _gap;
    private ulong _answeredGap;
    private long _answeredAt;
    private volatile MqttClient? _client;

    /// <summary>Makes a link; <see cref="RunAsync"/> runs it.</summary>
    /// <param name="options">How it connects.</param>
    /// <param name="topics">The meter's topics.</param>
    /// <param name="buffer">What is to be sent.</param>
    /// <param name="sign">Signs a reading again when it must declare a loss.</param>
    /// <param name="clock">Set from the node's time.</param>
    /// <param name="time">For pauses.</param>
    public MeterLink(
        MeterLinkOptions options, MeterTopics topics, ReadingBuffer buffer, Func<Reading, SignedReading> sign, MeterClock clock, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Window, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Window, 64, nameof(options));
        _options = options;
        _topics = topics;
        _buffer = buffer;
        _sign = sign;
        _clock = clock;
        _time = time;
        _backoff = new Backoff(options.FirstPause, options.LongestPause, static () => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20));
    }

    /// <summary>Whether the link is up.</summary>
    public bool IsConnected => _client is not null;

    /// <summary>Obeys the permits that come; null for a meter that has nothing to do with supply.</summary>
    internal SupplyControl? Supply { get; set; }

    /// <summary>Obeys the orders that come; null for a meter that delivers nothing.</summary>
    internal DeliveryControl? Deliveries { get; set; }

    /// <summary>Told that an order came, so that it is looked after at once; neither blocks nor throws.</summary>
    internal Action? Ordered { get; set; }

    /// <summary>Says that the buffer has something new.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Tells what happened to the supply, now or when the link is up again.</summary>
    internal void Tell(SupplyEvent happened, Instant? at)
    {
        _options.Observer?.Happened(happened);
        _reports.Tell(SupplyPayload.Event(happened, at));
    }

    /// <summary>Tells what became of a delivery.</summary>
    internal void Tell(DeliveryTold told)
    {
        _options.Observer?.Delivers(told);
        _reports.TellDelivery(told.Encode());
    }

    /// <summary>Tells that <see cref="SupplyControl.Report"/> is another now.</summary>
    internal void TellState() => _reports.TellState();

    /// <summary>Sends telemetry once if the link is up; false when it is not, or fails.</summary>
    public async Task<bool> SendTelemetryAsync(MeterTelemetry telemetry, CancellationToken cancellationToken)
    {
        if (_client is not { } client)
            return false;
        try
        {
            await client.PublishAsync(_topics.Telemetry, telemetry.Encode(), MqttQos.AtMostOnce, retain: false, cancellationToken);
            return true;
        }
        catch (MqttException)
        {
            return false;
        }
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            string reason;
            try
            {
                reason = (await RunConnectionAsync(cancellationToken)).ToString();
            }
            catch (MqttException failure)
            {
                // A refusal too is tried again, ever more slowly: the operator may yet register the meter.
                if (failure.ConnectCode is { } code)
                    _options.Observer?.Rejected(code);
                reason = failure.Message;
            }

            var pause = _backoff.Next();
            _options.Observer?.Disconnected(reason, pause);
            await Task.Delay(pause, _time, cancellationToken);
        }
    }

    private async Task<MqttDisconnectReason> RunConnectionAsync(CancellationToken cancellationToken)
    {
        var connection = _options.Connection with { Will = new MqttWill(_topics.State, StatePayload.Offline, MqttQos.AtLeastOnce, Retain: true) };
        await using var client = await MqttClient.ConnectAsync(connection, _time, cancellationToken);
        await client.SubscribeAsync(
            [
                new(_topics.Refused), new(_topics.Command), new(_topics.Permit), new(_topics.Calendar), new(_topics.Order),
                new(MeterTopics.Time, MqttQos.AtMostOnce),
            ],
            cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Supply?.CutOff();
        var listening = ListenAsync(client);
        var reporting = Task.CompletedTask;
        try
        {
            await client.PublishAsync(_topics.State, SupplyPayload.State(Supply?.Report), MqttQos.AtLeastOnce, retain: true, cancellationToken);
            _client = client;
            reporting = _reports.SendAsync(client, _topics, () => SupplyPayload.State(Supply?.Report), ending.Token);
            _options.Observer?.Connected();
            Deliveries?.Connected();
            await SendAsync(client, cancellationToken);
            return (await client.Ended).Reason;
        }
        catch (OperationCanceledException)
        {
            await SayGoodbyeAsync(client);
            throw;
        }
        finally
        {
            _client = null;
            Deliveries?.Disconnected();
            await ending.CancelAsync();
            await reporting;
            await client.DisposeAsync();
            await listening;
            Supply?.CutOff();
        }
    }

    private async Task SendAsync(MqttClient client, CancellationToken cancellationToken)
    {
        var queue = new SendQueue(client, _buffer, _topics.Reading, _options.Window, _sign, _options.Observer);
        Task<bool>? woken = null;
        while (!client.Ended.IsCompleted)
        {
            if (Interlocked.Exchange(ref _gap, null) is { } gap)
                await queue.RestartAsync(gap);
            queue.Fill(cancellationToken);
            woken ??= _wake.Reader.WaitToReadAsync(cancellationToken).AsTask();
            await (queue.Head is { } head ? Task.WhenAny(woken, head, client.Ended) : Task.WhenAny(woken, client.Ended));
            cancellationToken.ThrowIfCancellationRequested();
            if (woken.IsCompleted)
            {
                _wake.Reader.TryRead(out _);
                woken = null;
            }

            if (queue.Head is { IsCompletedSuccessfully: true })
                _backoff.Reset();
            await queue.CollectAsync();
        }
    }

    private async Task ListenAsync(MqttClient client)
    {
        await foreach (var message in client.Messages.ReadAllAsync())
        {
            if (string.Equals(message.Topic, MeterTopics.Time, StringComparison.Ordinal))
                SetClock(message);
            else if (string.Equals(message.Topic, _topics.Refused, StringComparison.Ordinal))
                Answer(RefusalNotice.TryDecode(message.Payload.Span));
            else if (Supply is { } supply && string.Equals(message.Topic, _topics.Permit, StringComparison.Ordinal))
                supply.Take(message.Payload.Span);
            else if (Deliveries is { } deliveries && string.Equals(message.Topic, _topics.Order, StringComparison.Ordinal))
                Take(deliveries, message);
            else
                _options.Observer?.Received(message);
        }
    }

    private void Take(DeliveryControl deliveries, MqttMessage message)
    {
        deliveries.Take(message.Payload.Span);
        Ordered?.Invoke();
    }

    // A retained time is as old as its last publication; only a live one is the time.
    private void SetClock(MqttMessage message)
    {
        if (!message.Retain && MeterClock.TryDecode(message.Payload.Span) is { } now)
        {
            _clock.Set(now);
            Supply?.HearTime(now);
        }
    }

    private void Answer(RefusalNotice? notice)
    {
        if (notice is null)
            return;
        _options.Observer?.Refused(notice);
        if (!string.Equals(notice.Reason, RefusalNotice.SequenceGap, StringComparison.Ordinal) || notice.Expected is not { } expected)
            return;
        if (expected == _answeredGap && _time.GetElapsedTime(_answeredAt) < SameGap)
            return;
        _answeredGap = expected;
        _answeredAt = _time.GetTimestamp();
        Interlocked.Exchange(ref _gap, notice);
        Wake();
    }

    // The will is not published after a goodbye, so the meter says itself that it goes.
    private async Task SayGoodbyeAsync(MqttClient client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
        try
        {
            await client.PublishAsync(_topics.State, StatePayload.Offline, MqttQos.AtLeastOnce, retain: true, patience.Token);
        }
        catch (Exception failure) when (failure is MqttException or OperationCanceledException)
        {
            // Closing without the goodbye makes the server publish the will, which says the same.
        }
    }
}
