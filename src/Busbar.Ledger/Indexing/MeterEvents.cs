using Busbar.Domain.Metering;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using NodaTime;
using Events = Busbar.Ledger.Contracts.Meters.Events;

namespace Busbar.Ledger.Indexing;

/// <summary>What the <c>Meters</c> contract said of a meter. A closed set.</summary>
public abstract record MeterEvent
{
    private MeterEvent()
    {
    }

    /// <summary>A meter was registered in a microgrid.</summary>
    /// <param name="Registration">Its registration.</param>
    public sealed record Registered(MeterRegistration Registration) : MeterEvent;

    /// <summary>A meter was retired from a microgrid.</summary>
    /// <param name="Meter">Which.</param>
    /// <param name="Microgrid">From where.</param>
    /// <param name="At">The block's time.</param>
    public sealed record Retired(MeterId Meter, MicrogridId Microgrid, Instant At) : MeterEvent;
}

/// <summary>Reads the events that say which meter stands where: the one place that does.</summary>
public static class MeterEvents
{
    /// <summary>The event in terms of the domain, or null when it is none of these.</summary>
    /// <param name="record">The raw event; of the <c>Meters</c> contract.</param>
    /// <param name="blockTime">The time of its block.</param>
    public static MeterEvent? Decode(IndexedEvent record, Instant blockTime)
    {
        ArgumentNullException.ThrowIfNull(record);
        var log = new Log { Address = record.Contract, Topics = record.Topics, Data = record.Data };
        if (Events.MeterRetired.TryDecode(log, out var retired))
            return new MeterEvent.Retired(new(retired.Key), new(retired.Microgrid), blockTime);
        if (!Events.MeterRegistered.TryDecode(log, out var registered))
            return null;
        return new MeterEvent.Registered(new(
            new(registered.Key),
            (MeterKind)registered.Kind,
            (Commodity)registered.Commodity,
            new(registered.Microgrid),
            new(registered.Premises),
            registered.Participant,
            registered.Firmware,
            blockTime,
            RetiredAt: null));
    }

    /// <summary>The microgrid that an event of a meter names, or null when it is none of these.</summary>
    public static MicrogridId? MicrogridOf(IndexedEvent record) => Decode(record, default) switch
    {
        MeterEvent.Registered registered => registered.Registration.Microgrid,
        MeterEvent.Retired retired => retired.Microgrid,
        _ => null,
    };
}
