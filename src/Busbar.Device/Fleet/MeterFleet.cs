using Busbar.Device.Protocol;

namespace Busbar.Device.Fleet;

/// <summary>
/// Hundreds of virtual meters in one process, each with its own key and its own MQTT connection, speaking the real protocol: the
/// light path of replays and simulations. A published boundary is acknowledged as a whole.
/// </summary>
public sealed class MeterFleet : IAsyncDisposable
{
    private readonly FleetConnection[] _connections;
    private readonly SigningAhead _signing;

    private MeterFleet(IReadOnlyList<VirtualMeter> meters, IRegisterSource source, MeterFleetOptions options, TimeProvider time)
    {
        Meters = meters;
        _connections = [.. meters.Select((meter, place) => new FleetConnection(meter, place, options, time))];
        _signing = new SigningAhead(meters, source, options);
    }

    /// <summary>The meters, in the order of the register source.</summary>
    public IReadOnlyList<VirtualMeter> Meters { get; }

    /// <summary>Connects every meter.</summary>
    /// <exception cref="Mqtt.MqttException">A meter could not connect.</exception>
    public static async Task<MeterFleet> ConnectAsync(
        IReadOnlyList<VirtualMeter> meters, IRegisterSource source, MeterFleetOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.SignAhead, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Attempts, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BacklogLimit, 1, nameof(options));
        var fleet = new MeterFleet(meters, source, options, time);
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.ConnectConcurrency, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(fleet._connections, parallel, static (connection, token) => new ValueTask(connection.OpenAsync(token)));
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Publishes the readings of all meters at a boundary, concurrently, and completes when the node has acknowledged every one.
    /// A lost connection is opened again and its reading repeated. Boundaries are published in order, one call at a time.
    /// </summary>
    /// <returns>How many readings were published or, for meters that are off line, kept.</returns>
    /// <exception cref="InvalidOperationException">Another boundary is next.</exception>
    /// <exception cref="Mqtt.MqttException">A meter could not publish in the agreed number of attempts.</exception>
    public async Task<int> PublishAsync(int boundary, CancellationToken cancellationToken)
    {
        var payloads = await _signing.TakeAsync(boundary);
        var publishing = new List<Task>(payloads.Length);
        for (var meter = 0; meter < payloads.Length; meter++)
            if (payloads[meter] is { } payload)
                publishing.Add(_connections[meter].PublishAsync(payload, cancellationToken));
        await Task.WhenAll(publishing);
        return publishing.Count;
    }

    /// <summary>Moves every meter's time on, and with it the relays, which follow their permits, and the deliveries.</summary>
    /// <exception cref="Mqtt.MqttException">A meter could not tell of its relay.</exception>
    public Task MoveToAsync(NodaTime.Instant now, CancellationToken cancellationToken) =>
        Task.WhenAll(_connections.Select(connection => connection.MoveToAsync(now, cancellationToken)));

    /// <summary>The deliveries of a meter that have not stopped.</summary>
    public int Delivering(int meter) => _connections[meter].Deliveries?.Open ?? 0;

    /// <summary>Whether a meter's relay is closed, so that its premises is supplied; always, where it has none.</summary>
    public bool IsSupplied(int meter) => _connections[meter].Supply is not { } supply || supply.Report.Relay == Domain.Supply.RelayState.Closed;

    /// <summary>Publishes a meter's telemetry once, unacknowledged; nothing when the meter is off line.</summary>
    public Task PublishTelemetryAsync(int meter, MeterTelemetry telemetry, CancellationToken cancellationToken) =>
        _connections[meter].PublishTelemetryAsync(telemetry, cancellationToken);

    /// <summary>Takes a meter off line: its readings are kept in memory until it is put back.</summary>
    public Task TakeOfflineAsync(int meter) => _connections[meter].CloseAsync();

    /// <summary>Puts a meter back on line and completes when what it kept is acknowledged, in order.</summary>
    /// <exception cref="Mqtt.MqttException">It could not connect or publish.</exception>
    public Task PutOnlineAsync(int meter, CancellationToken cancellationToken) => _connections[meter].ResumeAsync(cancellationToken);

    /// <summary>Says goodbye for every meter.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_connections.Select(connection => connection.CloseAsync()));
}
