using System.Text;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Node.Microgrids;

/// <summary>All that an actor knows: the metering, and how far it has followed the ledger.</summary>
internal sealed class MicrogridState(MicrogridMetering metering, EventPlace ledger)
{
    private const byte CheckpointVersion = 1;

    public MicrogridMetering Metering { get; } = metering;

    /// <summary>The last event of the ledger that was applied.</summary>
    public EventPlace Ledger { get; private set; } = ledger;

    /// <summary>Whether the journal has said which rules are in force.</summary>
    public bool IsConfigured { get; private set; }

    /// <summary>Applies an event; one that was applied before changes nothing.</summary>
    public void Apply(LedgerEventRecord record)
    {
        var place = new EventPlace(record.Event.Block, record.Event.LogIndex);
        if (place.Block < Ledger.Block || (place.Block == Ledger.Block && place.LogIndex <= Ledger.LogIndex))
            return;
        Ledger = place;
        switch (MeterEvents.Decode(record.Event, record.BlockTime))
        {
            case MeterEvent.Registered registered when registered.Registration.Microgrid == Metering.Microgrid:
                Metering.Register(registered.Registration);
                break;
            case MeterEvent.Retired retired:
                Metering.Retire(retired.Meter, retired.At);
                break;
        }
    }

    /// <summary>Puts rules in force.</summary>
    public void Apply(MeteringRules rules)
    {
        Metering.Configure(rules);
        IsConfigured = true;
    }

    public void Apply(CommandRecord command) => Metering.RecordChange(command.Meter);

    /// <summary>Takes back what the journal lost; what it knows changes nothing.</summary>
    public void Apply(IEnumerable<RestoredItem> items, SigningDomain domain)
    {
        foreach (var (reading, closing) in items)
        {
            if (reading is not null)
                Metering.RestoreReading(reading, reading.Reading.Digest(domain));
            else
                Metering.RestoreClosing(closing!);
        }
    }

    public byte[] ToCheckpoint()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(CheckpointVersion);
        writer.Write(Ledger.Block);
        writer.Write(Ledger.LogIndex);
        writer.Write(IsConfigured);
        writer.Write(Encoding.UTF8.GetString(RulesRecord.Write(Metering.Rules)));
        var form = Metering.ToCheckpoint();
        writer.Write(form.Length);
        writer.Write(form);
        writer.Flush();
        return stream.ToArray();
    }

    public static MicrogridState FromCheckpoint(ReadOnlyMemory<byte> state, MicrogridId microgrid, Hash256 master)
    {
        using var reader = new BinaryReader(new MemoryStream(state.ToArray()));
        if (reader.ReadByte() != CheckpointVersion)
            throw new InvalidDataException("the checkpoint is of another version");
        var ledger = new EventPlace(reader.ReadUInt64(), reader.ReadInt32());
        var configured = reader.ReadBoolean();
        var rules = RulesRecord.Read(Encoding.UTF8.GetBytes(reader.ReadString()));
        var form = reader.ReadBytes(reader.ReadInt32());
        return new(MicrogridMetering.FromCheckpoint(form, microgrid, master, rules), ledger) { IsConfigured = configured };
    }
}

/// <summary>An event of the ledger as a microgrid's journal keeps it.</summary>
/// <param name="Event">The event, raw.</param>
/// <param name="BlockTime">The time of its block.</param>
internal sealed record LedgerEventRecord(IndexedEvent Event, Instant BlockTime)
{
    private const byte Version = 1;

    public JournalRecord Write(Instant at)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(BlockTime.ToUnixTimeSeconds());
        writer.Write(Event.Block);
        writer.Write(Event.LogIndex);
        writer.Write(Event.Transaction.ToArray());
        writer.Write(Event.Contract.ToArray());
        writer.Write((byte)Event.Topics.Count);
        foreach (var topic in Event.Topics)
            writer.Write(topic.ToArray());
        writer.Write(Event.Data.Length);
        writer.Write(Event.Data.Span);
        writer.Flush();
        return new(RecordKind.LedgerEvent, Version, at, stream.ToArray());
    }

    public static LedgerEventRecord Read(in JournalRecord record)
    {
        using var reader = new BinaryReader(new MemoryStream(record.Payload.ToArray()));
        var time = Instant.FromUnixTimeSeconds(reader.ReadInt64());
        var (block, index) = (reader.ReadUInt64(), reader.ReadInt32());
        var transaction = new Hash256(reader.ReadBytes(Hash256.Length));
        var contract = new Address(reader.ReadBytes(Address.Length));
        var topics = new Hash256[reader.ReadByte()];
        for (var i = 0; i < topics.Length; i++)
            topics[i] = new(reader.ReadBytes(Hash256.Length));
        return new(new(block, index, transaction, contract, topics, reader.ReadBytes(reader.ReadInt32())), time);
    }
}

/// <summary>An operator's command in a journal: so far, the record that a meter was changed.</summary>
/// <param name="Meter">Which meter.</param>
/// <param name="Note">The operator's words.</param>
internal sealed record CommandRecord(MeterId Meter, string Note)
{
    private const byte Version = 1;

    public JournalRecord Write(Instant at) =>
        new(RecordKind.Command, Version, at, JsonSerializer.SerializeToUtf8Bytes(new Form("meter-change", Meter.ToString(), Note)));

    public static CommandRecord Read(in JournalRecord record)
    {
        var form = JsonSerializer.Deserialize<Form>(record.Payload.Span) ?? throw new InvalidDataException("an empty command");
        return new(new(Address.Parse(form.Meter)), form.Note);
    }

    private sealed record Form(string Command, string Meter, string Note);
}
