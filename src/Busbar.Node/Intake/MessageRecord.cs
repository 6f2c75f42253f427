using Busbar.Domain.Metering;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Node.Intake;

/// <summary>How a message came in. The numbers are on disk.</summary>
internal enum Transport : byte
{
    None = 0,
    Mqtt = 1,
    Http = 2,
}

/// <summary>How a message is encoded. The numbers are on disk.</summary>
internal enum MessageForm : byte
{
    None = 0,
    Json = 1,
    Cbor = 2,
}

/// <summary>A reading message as the journal keeps it: transport 1, form 1, the topic's meter 20, then the payload as it came.</summary>
internal static class MessageRecord
{
    private const byte Version = 1;
    private const int HeaderSize = 22;

    public static JournalRecord Write(Transport transport, MessageForm form, MeterId meter, ReadOnlySpan<byte> payload, Instant at)
    {
        var bytes = new byte[HeaderSize + payload.Length];
        bytes[0] = (byte)transport;
        bytes[1] = (byte)form;
        meter.Key.CopyTo(bytes.AsSpan(2));
        payload.CopyTo(bytes.AsSpan(HeaderSize));
        return new(RecordKind.Message, Version, at, bytes);
    }

    public static (MessageForm Form, MeterId Meter, ReadOnlyMemory<byte> Payload) Read(in JournalRecord record) =>
        ((MessageForm)record.Payload.Span[1], new(new(record.Payload.Span[2..HeaderSize])), record.Payload[HeaderSize..]);

    // A CBOR map begins with 0xa0 to 0xbf; a JSON object with a brace or white space.
    public static MessageForm FormOf(ReadOnlySpan<byte> payload) =>
        payload.Length > 0 && payload[0] is >= 0xa0 and <= 0xbf ? MessageForm.Cbor : MessageForm.Json;
}
