using System.Globalization;
using System.Text.Json;
using Busbar.Cryptography;

namespace Busbar.Domain.Trading;

/// <summary>A signed order as JSON, as <c>docs/protocol.md</c> has it: every name, each once, no others.</summary>
public static class DeliveryOrderJson
{
    /// <summary>The most bytes that an order may have on the wire.</summary>
    public const int MaximumSize = 1024;

    private static readonly string[] Names =
        ["meter", "number", "kind", "subject", "flow", "amount", "notBefore", "deadline", "issuedAt", "signature"];

    /// <summary>Writes an order as UTF-8.</summary>
    public static byte[] Encode(SignedOrder signed)
    {
        ArgumentNullException.ThrowIfNull(signed);
        var order = signed.Order;
        using var stream = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("meter"u8, order.Meter.ToString());
            json.WriteString("number"u8, order.Number.ToString(CultureInfo.InvariantCulture));
            json.WriteString("kind"u8, order.Kind.ToString());
            json.WriteString("subject"u8, order.Subject.ToString());
            json.WriteString("flow"u8, order.Flow.ToString().ToLowerInvariant());
            json.WriteString("amount"u8, order.Amount.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("notBefore"u8, order.NotBefore.ToUnixTimeSeconds());
            json.WriteNumber("deadline"u8, order.Deadline.ToUnixTimeSeconds());
            json.WriteNumber("issuedAt"u8, order.IssuedAt.ToUnixTimeSeconds());
            json.WriteString("signature"u8, HexText.Encode(signed.Signature.ToArray()));
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads an order.</summary>
    /// <returns>The order, or why the bytes are none.</returns>
    public static (SignedOrder? Order, OrderRefused? Refused) Decode(ReadOnlySpan<byte> payload)
    {
        var json = StrictJson.Read(payload, MaximumSize);
        json.AllowOnly(Names);
        if (json.Fault is { } unreadable)
            return (null, new OrderRefused.Malformed(unreadable));
        var order = new DeliveryOrder(
            json.Meter("meter"), json.Number("number"), json.Name<OrderKind>("kind"), json.Hash("subject"), json.Second("issuedAt"))
        {
            Flow = json.Text("flow") == "none" ? EnergyFlow.None : json.Name<EnergyFlow>("flow", small: true),
            Amount = json.Amount("amount"),
            NotBefore = json.Second("notBefore"),
            Deadline = json.Second("deadline"),
        };
        var signature = json.Signature("signature");
        var fault = json.Fault ?? (order.IsSound ? null : $"it says what no order to {order.Kind} says");
        return fault is null ? (new(order, signature), null) : (null, new OrderRefused.Malformed(fault));
    }
}
