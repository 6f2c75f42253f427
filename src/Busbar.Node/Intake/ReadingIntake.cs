using System.Collections.Concurrent;
using Busbar.Domain.Metering;
using Busbar.Mqtt.Server;
using Busbar.Node.Deliveries;
using Busbar.Node.Live;
using Busbar.Node.Supply;
using NodaTime;

namespace Busbar.Node.Intake;

/// <summary>
/// Takes messages from the sockets: readings go to the journal of their microgrid, and are acknowledged when they are on disk;
/// telemetry goes to the screens and is forgotten.
/// </summary>
internal sealed class ReadingIntake(JournalPump pump, LiveBoard board, Presence presence, IClock clock) : IPublishSink
{
    private readonly ConcurrentDictionary<MeterId, IJournalReader> _routes = new();

    /// <summary>Who takes the readings of meters that the ledger does not know (yet).</summary>
    public required IJournalReader Unassigned { get; init; }

    /// <summary>Who hears what devices say of their supply; null while nobody does.</summary>
    public SupplyDesk? Supply { get; set; }

    /// <summary>Who hears what devices say of deliveries; null while nobody does.</summary>
    public DeliveryLink? Deliveries { get; set; }

    /// <summary>From now on a meter's readings belong to this journal.</summary>
    public void Route(MeterId meter, IJournalReader reader) => _routes[meter] = reader;

    /// <inheritdoc />
    public PublishOutcome OnPublish(in InboundPublish message)
    {
        if (!DeviceTopic.TryParse(message.Topic, out var meter, out var channel))
            return PublishOutcome.Drop;
        if (channel == DeviceChannel.Telemetry)
        {
            board.TakeTelemetry(meter, message.Payload);
            presence.TakeTelemetry(meter, message.Payload);
        }

        if (channel is DeviceChannel.State or DeviceChannel.Event)
            Supply?.Take(meter, channel, message.Payload);
        if (channel is DeviceChannel.State or DeviceChannel.Delivery)
            Deliveries?.Take(meter, channel, message.Payload);
        if (channel != DeviceChannel.Reading)
            return PublishOutcome.Route;
        var payload = message.Payload.Length <= ReadingJson.MaximumSize ? message.Payload : message.Payload[..(ReadingJson.MaximumSize + 1)];
        var record = MessageRecord.Write(Transport.Mqtt, MessageRecord.FormOf(payload), meter, payload, clock.GetCurrentInstant());
        return pump.TryPost(ReaderOf(meter), record, message.Token) ? PublishOutcome.Accepted : PublishOutcome.Full;
    }

    /// <inheritdoc />
    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => pump.WaitForRoomAsync(cancellationToken);

    /// <summary>Takes a reading that came by HTTP and waits until it is on disk.</summary>
    public async Task TakeAsync(MeterId meter, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        var record = MessageRecord.Write(
            Transport.Http, MessageRecord.FormOf(payload.Span), meter, payload.Span, clock.GetCurrentInstant());
        await pump.WriteAsync(ReaderOf(meter), record, cancellation);
    }

    private IJournalReader ReaderOf(MeterId meter) => _routes.TryGetValue(meter, out var reader) ? reader : Unassigned;
}
