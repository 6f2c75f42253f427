using System.Globalization;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Trading;

/// <summary>
/// What a meter tells of deliveries on its <c>delivery</c> topic. A closed set; the name of the case is its name on the wire.
/// </summary>
public abstract record DeliveryTold
{
    /// <summary>The most bytes that it may have on the wire.</summary>
    public const int MaximumSize = 1024;

    private DeliveryTold()
    {
    }

    /// <summary>Its name on the wire.</summary>
    public string Name => GetType().Name;

    /// <summary>The meter has an order on disk and obeys it.</summary>
    /// <param name="Order">The order's number.</param>
    public sealed record Taken(ulong Order) : DeliveryTold;

    /// <summary>The meter does not take an order.</summary>
    /// <param name="Order">The order's number, when it could be read.</param>
    /// <param name="Reason">Why, one of the names of <see cref="OrderRefused"/>.</param>
    /// <param name="Detail">The same in words.</param>
    /// <param name="IsTransient">Whether the same order may be taken later.</param>
    /// <param name="Newest">The number of the newest order that the meter knows; 0 for none.</param>
    public sealed record Refused(ulong? Order, string Reason, string Detail, bool IsTransient, ulong Newest) : DeliveryTold;

    /// <summary>A delivery has begun: its relay, where there is one, reads closed.</summary>
    /// <param name="Subject">Which.</param>
    /// <param name="Flow">By which register.</param>
    /// <param name="Opened">Since when it counts.</param>
    /// <param name="Opening">The register then.</param>
    public sealed record Started(Hash256 Subject, EnergyFlow Flow, Instant Opened, MeterRegister Opening) : DeliveryTold;

    /// <summary>How far a delivery is; unsigned, for screens.</summary>
    /// <param name="Subject">Which.</param>
    /// <param name="Seconds">For how long it has run.</param>
    /// <param name="Energy">What has flowed.</param>
    public sealed record Progress(Hash256 Subject, long Seconds, Energy Energy) : DeliveryTold;

    /// <summary>What has flowed since the last report, signed; the delivery goes on.</summary>
    /// <param name="Report">Its number within the delivery, from 1.</param>
    /// <param name="Span">The signed span.</param>
    public sealed record Reported(int Report, SignedSpan Span) : DeliveryTold;

    /// <summary>A delivery is over.</summary>
    /// <param name="Report">The number of its last report.</param>
    /// <param name="Span">The signed span since the report before.</param>
    /// <param name="Reason">Why it is over.</param>
    /// <param name="Seconds">How long the whole of it took.</param>
    /// <param name="Energy">What flowed in the whole of it.</param>
    public sealed record Stopped(int Report, SignedSpan Span, StopReason Reason, long Seconds, Energy Energy) : DeliveryTold;

    /// <summary>The JSON payload, UTF-8.</summary>
    public byte[] Encode()
    {
        using var stream = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("event"u8, Name);
            Write(json);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads a payload of a meter; null when it is none. A signature is read, not checked.</summary>
    /// <param name="meter">Whose topic it came on.</param>
    /// <param name="payload">The payload.</param>
    public static DeliveryTold? Decode(Metering.MeterId meter, ReadOnlySpan<byte> payload)
    {
        var json = StrictJson.Read(payload, MaximumSize);
        if (json.Fault is not null)
            return null;
        DeliveryTold? told = json.Text("event") switch
        {
            nameof(Taken) => new Taken(json.Number("order")),
            nameof(Refused) => new Refused(
                json.Has("order") ? json.Number("order") : null,
                json.Text("reason"),
                json.Text("detail"),
                json.Number("transient") == 1,
                json.Number("newest")),
            nameof(Started) => new Started(
                json.Hash("subject"), json.Name<EnergyFlow>("flow", small: true), json.Second("opened"), Register(json, "opening")),
            nameof(Progress) => new Progress(json.Hash("subject"), json.Amount("seconds"), Amount(json, "energy")),
            nameof(Reported) => new Reported(Count(json), SpanOf(meter, json)),
            nameof(Stopped) => new Stopped(
                Count(json), SpanOf(meter, json), json.Name<StopReason>("reason"), json.Amount("seconds"), Amount(json, "energy")),
            _ => null,
        };
        return json.Fault is null ? told : null;
    }

    private static int Count(StrictJson json) => (int)Math.Min(json.Number("report"), int.MaxValue);

    private static MeterRegister Register(StrictJson json, string name) => MeterRegister.FromMilliwattHours(json.Amount(name));

    private static Energy Amount(StrictJson json, string name) => Energy.FromMilliwattHours(json.Amount(name));

    private static SignedSpan SpanOf(Metering.MeterId meter, StrictJson json) => new(
        new(
            json.Hash("subject"),
            meter,
            json.Name<EnergyFlow>("flow", small: true),
            json.Second("opened"),
            json.Second("closed"),
            Register(json, "opening"),
            Register(json, "closing")),
        json.Signature("signature"));

    private static void Write(Utf8JsonWriter json, SignedSpan span)
    {
        json.WriteString("subject"u8, span.Report.Subject.ToString());
        json.WriteString("flow"u8, span.Report.Flow.ToString().ToLowerInvariant());
        json.WriteNumber("opened"u8, span.Report.Opened.ToUnixTimeSeconds());
        json.WriteNumber("closed"u8, span.Report.Closed.ToUnixTimeSeconds());
        Write(json, "opening", (ulong)span.Report.Opening.MilliwattHours);
        Write(json, "closing", (ulong)span.Report.Closing.MilliwattHours);
        json.WriteString("signature"u8, HexText.Encode(span.Signature.ToArray()));
    }

    private static void Write(Utf8JsonWriter json, string name, ulong number) =>
        json.WriteString(name, number.ToString(CultureInfo.InvariantCulture));

    private void Write(Utf8JsonWriter json)
    {
        switch (this)
        {
            case Taken taken:
                Write(json, "order", taken.Order);
                break;
            case Refused refused:
                if (refused.Order is { } number)
                    Write(json, "order", number);
                json.WriteString("reason"u8, refused.Reason);
                json.WriteString("detail"u8, refused.Detail.Length > 200 ? refused.Detail[..200] : refused.Detail);
                json.WriteNumber("transient"u8, refused.IsTransient ? 1 : 0);
                Write(json, "newest", refused.Newest);
                break;
            case Started started:
                json.WriteString("subject"u8, started.Subject.ToString());
                json.WriteString("flow"u8, started.Flow.ToString().ToLowerInvariant());
                json.WriteNumber("opened"u8, started.Opened.ToUnixTimeSeconds());
                Write(json, "opening", (ulong)started.Opening.MilliwattHours);
                break;
            case Progress progress:
                json.WriteString("subject"u8, progress.Subject.ToString());
                json.WriteNumber("seconds"u8, progress.Seconds);
                Write(json, "energy", (ulong)progress.Energy.MilliwattHours);
                break;
            case Reported reported:
                json.WriteNumber("report"u8, reported.Report);
                Write(json, reported.Span);
                break;
            case Stopped stopped:
                json.WriteNumber("report"u8, stopped.Report);
                Write(json, stopped.Span);
                json.WriteString("reason"u8, stopped.Reason.ToString());
                json.WriteNumber("seconds"u8, stopped.Seconds);
                Write(json, "energy", (ulong)stopped.Energy.MilliwattHours);
                break;
        }
    }
}
