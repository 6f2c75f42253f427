using System.ComponentModel;
using System.Globalization;
using Busbar.Cryptography;
using Busbar.Domain.Community;
using Busbar.Domain.Metering;
using Busbar.Mqtt.Server;
using Busbar.Node.Access;
using Busbar.Node.Api.Describing;
using Busbar.Node.Intake;
using Busbar.Node.Live;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;

namespace Busbar.Node.Api;

/// <summary>Devices: who is there, what they tell, and their tokens.</summary>
internal static class DevicesApi
{
    public static async Task<IReadOnlyList<DeviceDocument>> ListAsync(
        NodeParts parts, Presence presence, RequestAccess access, CancellationToken cancellation)
    {
        var refused = await parts.RefusalCounts!.GetAsync(cancellation);
        return
        [
            .. parts.Houses!.All().Where(house => access.Covers(house.Premises))
                .Select(house => Device(parts, presence, house, refused.GetValueOrDefault(house.Meter))),
        ];
    }

    public static Results<Ok<TokenDocument>, ProblemHttpResult> Token(NodeParts parts, RequestAccess access, string meter) =>
        ReadingsApi.Find(parts, access, meter) is { } house
            ? TypedResults.Ok(new TokenDocument(house.Meter.Key.ToString(), parts.Tokens!.For(house.Meter)))
            : Problems.NotFound("no such meter");

    /// <summary>The old token opens nothing from here on, and whoever is connected with it is sent away.</summary>
    public static async Task<Results<Ok<TokenDocument>, ProblemHttpResult>> RenewTokenAsync(
        NodeParts parts, MqttServer mqtt, RequestAccess access, ILoggerFactory logs, string meter, CancellationToken cancellation)
    {
        if (ReadingsApi.Find(parts, access, meter) is not { } house)
            return Problems.NotFound("no such meter");
        // On disk first: after a restart the old token must not open the door again.
        var generation = await parts.Store!.DeviceTokens.RenewAsync(house.Meter, cancellation);
        parts.Tokens!.Renew(house.Meter, generation);
        var closed = mqtt.DisconnectPrincipal(house.Meter.ToString());
        logs.CreateLogger(nameof(DeviceTokens)).LogTokenRenewed(house.Meter, access.Caller.Account!, closed);
        return TypedResults.Ok(new TokenDocument(house.Meter.Key.ToString(), parts.Tokens.For(house.Meter)));
    }

    public static DeviceDocument Device(NodeParts parts, Presence presence, House house, int refused)
    {
        var live = parts.Board!.Of(house.Meter);
        var told = presence.TelemetryOf(house.Meter);
        return new(
            house.Meter.Key.ToString(),
            house.Name,
            house.Kind.ToString().ToLowerInvariant(),
            house.Microgrid.Number,
            house.Premises.ToString(),
            presence.IsOnline(house.Meter),
            Forms.Text(live.LastSeen),
            told is null ? null : new(
                told.Power, told.Voltage, told.Current, told.Frequency, told.PowerFactor, told.StateOfCharge, told.Temperature, Forms.Text(told.At)),
            (live.Last?.Firmware ?? presence.FirmwareOf(house.Meter)) is { } firmware && firmware != Hash256.Zero ? firmware.ToString() : null,
            live.Last?.Boot,
            live.Last?.Sequence.ToString(CultureInfo.InvariantCulture),
            refused,
            SupplyApi.Document(parts, house));
    }
}

/// <summary>A device.</summary>
internal sealed record DeviceDocument(
    string Meter,
    string Name,
    [property: OneOf(typeof(MeterKind), Letters.Lower)] string Kind,
    uint Microgrid,
    string Premises,
    [property: Description("Connected by MQTT now.")] bool Online,
    string? LastSeen,
    TelemetryDocument? Telemetry,
    [property: Description("As its newest reading names it, taken or not.")] string? Firmware,
    uint? Boot,
    string? Sequence,
    [property: Description("Readings of the last 24 hours that were refused, among the newest 5000.")] int Refused24h,
    [property: Description("Null while nothing was ever said of its supply.")] SupplyDocument? Supply);

/// <summary>What a device told last, beside readings; for screens alone.</summary>
internal sealed record TelemetryDocument(
    double? PowerW, double? VoltageV, double? CurrentA, double? FrequencyHz, double? PowerFactor, double? StateOfCharge, double? TemperatureC, string At);

/// <summary>What a device connects with.</summary>
internal sealed record TokenDocument(string Meter, string Token);
