using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Busbar.Domain.Supply;

namespace Busbar.Device.Supply;

/// <summary>How a meter's supply is now, for its <c>state</c> topic.</summary>
/// <param name="Relay">What the relay reads back; null when the board has none.</param>
/// <param name="Reason">Why it is to be as it is to be.</param>
/// <param name="Permit">The sequence number of the newest permit that is believed; null when there is none.</param>
public sealed record SupplyReport(RelayState? Relay, SupplyReason Reason, ulong? Permit);

/// <summary>The payloads that tell of supply.</summary>
internal static class SupplyPayload
{
    public static byte[] State(SupplyReport? report) => Write(json =>
    {
        json.WriteBoolean("online"u8, true);
        if (report is null)
            return;
        if (report.Relay is { } relay)
        {
            json.WriteString("relay"u8, Text(relay));
            json.WriteString("reason"u8, report.Reason.ToString());
        }

        WriteSequence(json, "permit", report.Permit);
    });

    public static byte[] Event(SupplyEvent happened, NodaTime.Instant? at) => Write(json =>
    {
        json.WriteString("event"u8, happened.Name);
        if (at is { } instant)
            json.WriteNumber("at"u8, instant.ToUnixTimeMilliseconds());
        switch (happened)
        {
            case SupplyEvent.PermitRefused refused:
                WriteSequence(json, "sequence", refused.Sequence);
                json.WriteString("reason"u8, refused.Refused.Reason);
                json.WriteString("detail"u8, refused.Refused.Detail);
                WriteSequence(json, "newest", refused.Newest);
                break;
            case SupplyEvent.RelaySwitched switched:
                json.WriteString("relay"u8, Text(switched.Relay));
                json.WriteString("reason"u8, switched.Reason.ToString());
                WriteSequence(json, "permit", switched.Permit);
                break;
            case SupplyEvent.RelayStuck stuck:
                json.WriteString("wanted"u8, Text(stuck.Wanted));
                json.WriteString("relay"u8, Text(stuck.Reads));
                json.WriteNumber("tries"u8, stuck.Tries);
                break;
            case SupplyEvent.ClockJumped jumped:
                json.WriteNumber("seconds"u8, (long)jumped.By.TotalSeconds);
                break;
        }
    });

    private static string Text(RelayState relay) => relay switch
    {
        RelayState.Closed => "closed",
        RelayState.Open => "open",
        _ => "unknown",
    };

    private static void WriteSequence(Utf8JsonWriter json, string name, ulong? sequence)
    {
        if (sequence is { } number)
            json.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(192);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
