using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;
using Busbar.Bench.Mqtt;
using Busbar.Bench.Running;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Bench.Ingest;

/// <summary>The load's process: for each order it connects, says so, waits for the word, sends, and reports.</summary>
internal static class LoadChild
{
    public const string Kind = "frames";

    private static readonly Duration Quarter = Duration.FromMinutes(15);

    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        while (await Console.In.ReadLineAsync(cancellation) is { Length: > 0 } line)
        {
            var order = JsonSerializer.Deserialize<LoadOrder>(line)!;
            var result = await RunAsync(order, Settings(order), cancellation);
            Say(new LoadReport(
                order.Readings is null ? result.Acknowledged : result.AcknowledgedInAll,
                result.Elapsed.TotalSeconds,
                result.P50.TotalMilliseconds,
                result.P99.TotalMilliseconds,
                result.AcknowledgedInAll));
        }

        return 0;
    }

    private static async Task<AckedFrameResult> RunAsync(LoadOrder order, AckedFrameSettings settings, CancellationToken cancellation)
    {
        var (warmUp, measure) = (TimeSpan.FromSeconds(order.WarmUpSeconds), TimeSpan.FromSeconds(order.Seconds));
        if (order.PerSecond is { } rate)
        {
            var paced = new PacedFrameLoad(settings, rate);
            await paced.ConnectAsync(cancellation);
            await WhenToldAsync(cancellation);
            return await paced.RunAsync(warmUp, measure, TimeProvider.System, cancellation);
        }

        var load = new AckedFrameLoad(settings);
        await load.ConnectAsync(cancellation);
        await WhenToldAsync(cancellation);
        return await load.RunAsync(warmUp, measure, TimeProvider.System, cancellation);
    }

    private static ValueTask<string?> WhenToldAsync(CancellationToken cancellation)
    {
        Say("ready");
        return Console.In.ReadLineAsync(cancellation);
    }

    private static void Say<T>(T message) => Console.Out.WriteLine(JsonSerializer.Serialize(message));

    private static AckedFrameSettings Settings(LoadOrder order)
    {
        var meters = LoadMeter.Ids(order.Connections);
        var signed = order.Readings is { } readings ? Sign(readings, order.Connections) : null;
        var unsigned = meters.Select(meter => ReadingPayload.Encode(Reading(meter, 0, WallQuarter()))).ToArray();
        return new(
            new IPEndPoint(IPAddress.Loopback, order.Port),
            order.Connections,
            order.Window,
            at => DeviceTopic.For(meters[at], DeviceChannel.Reading),
            at => unsigned[at],
            signed is null
                ? static (payload, _, message) => BinaryPrimitives.WriteInt64BigEndian(payload[ReadingPayload.SequenceAt..], message + 1)
                : (payload, connection, message) => signed[connection][message].CopyTo(payload))
        {
            Credentials = at => (meters[at].ToString(), meters[at].ToString(), Encoding.ASCII.GetBytes(order.Tokens?[at] ?? LoadMeter.Tokens.For(meters[at]))),
            MessagesEach = order.Readings?.Count ?? long.MaxValue,
        };
    }

    private static byte[][][] Sign(SignedReadings order, int meters)
    {
        var domain = new SigningDomain(order.ChainId, Address.Parse(order.Meters));
        var payloads = new byte[meters][][];
        Parallel.For(0, meters, number =>
        {
            using var key = LoadMeter.Key(number);
            var meter = new MeterId(key.Address);
            payloads[number] = [.. Enumerable.Range(order.First, order.Count).Select(at =>
            {
                var reading = Reading(meter, at, Instant.FromUnixTimeSeconds(order.StartSeconds) + (at * Quarter)).Reading;
                return ReadingPayload.Encode(SignedReading.Sign(reading, domain, key));
            })];
        });
        return payloads;
    }

    // A signature's bytes without a signature: as long as the real one.
    private static SignedReading Reading(MeterId meter, int at, Instant instant)
    {
        var registers = new Registers(MeterRegister.FromMilliwattHours(1_000_000_000 + (at * 90_000L)), MeterRegister.FromMilliwattHours(at * 30_000L));
        var filler = Keccak256.Hash("signature"u8);
        return new(
            new Reading(meter, 1, (ulong)at + 1, instant, registers, LoadMeter.Firmware, ReadingFlags.ClockSet),
            new Signature(filler, filler, 0));
    }

    private static Instant WallQuarter() => IntervalLength.Default.Containing(new WallClock().GetCurrentInstant()).Start;
}
