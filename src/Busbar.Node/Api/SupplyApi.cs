using System.ComponentModel;
using System.Globalization;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Community;
using Busbar.Domain.Supply;
using Busbar.Node.Access;
using Busbar.Node.Api.Describing;
using Busbar.Node.Supply;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Busbar.Node.Api;

/// <summary>Permits for devices without MQTT, trips for safety's and theft's sake, and how a meter's supply stands.</summary>
internal static class SupplyApi
{
    private const int LongestNote = 200;

    public static Results<FileContentHttpResult, ProblemHttpResult> Permit(NodeParts parts, HttpContext context, string meter)
    {
        if (!Address.TryParse(meter, out var key) || !HasToken(parts, context, key))
            return Problems.Problem(StatusCodes.Status401Unauthorized, "WrongToken", "the token is not that of this meter");
        return parts.Supply!.PermitOf(new(key)) is { } permit
            ? TypedResults.Bytes(SupplyPermitJson.Encode(permit), "application/json")
            : Problems.NotFound("this meter never had a permit; it supplies");
    }

    public static Task<Results<NoContent, ProblemHttpResult>> TripAsync(
        NodeParts parts, RequestAccess access, string meter, TripForm form, CancellationToken cancellation) =>
        CommandAsync(parts, access, meter, form.Reason, form.Note, isTripped: true, cancellation);

    public static Task<Results<NoContent, ProblemHttpResult>> ResetAsync(
        NodeParts parts, RequestAccess access, string meter, string? reason, CancellationToken cancellation) =>
        CommandAsync(parts, access, meter, reason, note: null, isTripped: false, cancellation);

    /// <summary>How a meter's supply stands; null when nothing was ever said of it.</summary>
    public static SupplyDocument? Document(NodeParts parts, House house)
    {
        if (parts.Supply!.Of(house.Meter, parts.Clock!.GetCurrentInstant()) is not { } standing)
            return null;
        var told = standing.Told;
        return new(
            Relay(standing),
            told?.SupplyReason is { } reason && reason != SupplyReason.None ? reason.ToString() : null,
            told?.Permit?.ToString(CultureInfo.InvariantCulture),
            standing.Permit?.Sequence.ToString(CultureInfo.InvariantCulture),
            Forms.Text(standing.Permit?.Until),
            [.. TripsOf(standing.Trips | (standing.Permit?.Flags ?? SupplyFlags.None))],
            standing.Status == SupplyStatus.None ? null : standing.Status.ToString());
    }

    /// <summary>What a meter's relay reads back; null when it has none, or told of none.</summary>
    public static string? Relay(SupplyStanding? standing) =>
        standing?.Told?.Relay is { } relay and (RelayState.Closed or RelayState.Open) ? relay.ToString().ToLowerInvariant() : null;

    private static async Task<Results<NoContent, ProblemHttpResult>> CommandAsync(
        NodeParts parts, RequestAccess access, string meter, string? reason, string? note, bool isTripped, CancellationToken cancellation)
    {
        if (ReadingsApi.Find(parts, access, meter) is not { } house)
            return Problems.NotFound("no such meter");
        if (Trip(reason) is not { } trip)
            return Problems.BadRequest("reason is safety or theft");
        if (note?.Length > LongestNote)
            return Problems.BadRequest($"note has at most {LongestNote} characters");
        await parts.Supply!.CommandAsync(
            new(house.Meter, trip, isTripped, access.Caller.Account ?? "", note ?? "", parts.Clock!.GetCurrentInstant()), cancellation);
        return TypedResults.NoContent();
    }

    private static SupplyFlags? Trip(string? reason) => reason switch
    {
        "safety" => SupplyFlags.SafetyTrip,
        "theft" => SupplyFlags.TheftTrip,
        _ => null,
    };

    private static IEnumerable<string> TripsOf(SupplyFlags flags)
    {
        if (flags.HasFlag(SupplyFlags.SafetyTrip))
            yield return "safety";
        if (flags.HasFlag(SupplyFlags.TheftTrip))
            yield return "theft";
    }

    private static bool HasToken(NodeParts parts, HttpContext context, Address meter)
    {
        const string scheme = "Bearer ";
        var authorization = context.Request.Headers.Authorization.ToString();
        return authorization.StartsWith(scheme, StringComparison.Ordinal)
            && parts.Tokens!.IsValid(new(meter), Encoding.ASCII.GetBytes(authorization[scheme.Length..]));
    }
}

/// <summary>A trip that paying does not lift.</summary>
/// <param name="Reason">Why: each has its own reset.</param>
internal sealed record TripForm([property: OneOf("safety", "theft")] string Reason)
{
    /// <summary>In the operator's words, up to 200 characters; kept with the command.</summary>
    public string? Note { get; init; }
}

/// <summary>How a meter's supply stands.</summary>
internal sealed record SupplyDocument(
    [property: OneOf("closed", "open"), Description("What the relay reads back; null when the meter told of none since the node started.")] string? Relay,
    [property: OneOf(typeof(SupplyReason), Letters.AsNamed), Description("Why, in the meter's word.")] string? Reason,
    [property: Description("The newest permit that the meter believes.")] string? Held,
    [property: Description("The newest permit that it was told.")] string? Sequence,
    [property: Description("When that permit ends.")] string? Until,
    [property: OneOf("safety", "theft"), Description("Trips that paying does not lift.")] IReadOnlyList<string> Trips,
    [property: OneOf(typeof(SupplyStatus), Letters.AsNamed), Description("How far the meter has followed; null when it has no permit.")] string? Status);

/// <summary>A permit as docs/protocol.md has it.</summary>
internal sealed record PermitBody(
    string Meter, string Sequence, long IssuedAt, long Until, long Grace, int Flags, int QuietFrom, int QuietTo, int Offset, long NoTripBefore, string Signature);
