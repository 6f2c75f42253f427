using System.Buffers.Binary;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using NodaTime;

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

/// <summary>Reads the events that say which meter stands where.</summary>
public static class MeterEvents
{
    private static readonly Hash256 RegisteredTopic =
        Keccak256.Hash(Encoding.ASCII.GetBytes("MeterRegistered(address,uint32,address,uint8,uint8,bytes32,bytes32)"));

    private static readonly Hash256 RetiredTopic = Keccak256.Hash(Encoding.ASCII.GetBytes("MeterRetired(address,uint32,address)"));

    /// <summary>The event in terms of the domain, or null when it is none of these.</summary>
    /// <param name="record">The raw event; of the <c>Meters</c> contract.</param>
    /// <param name="blockTime">The time of its block.</param>
    public static MeterEvent? Decode(IndexedEvent record, Instant blockTime)
    {
        if (record.Topics.Count != 4)
            return null;
        var meter = new MeterId(AddressOf(record.Topics[1]));
        var microgrid = new MicrogridId(BinaryPrimitives.ReadUInt32BigEndian(record.Topics[2].ToArray().AsSpan(28)));
        if (record.Topics[0] == RetiredTopic)
            return new MeterEvent.Retired(meter, microgrid, blockTime);
        if (record.Topics[0] != RegisteredTopic || record.Data.Length != 128)
            return null;
        var data = record.Data.Span;
        return new MeterEvent.Registered(new(
            meter,
            (MeterKind)data[31],
            (Commodity)data[63],
            microgrid,
            new(new(data[64..96])),
            AddressOf(record.Topics[3]),
            new(data[96..128]),
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

    private static Address AddressOf(Hash256 topic) => new(topic.ToArray().AsSpan(12));
}
