using System.Globalization;
using Busbar.Domain.Metering;
using Busbar.Ledger.Readings;
using Busbar.Node.Access;
using Busbar.Node.Api.Describing;

namespace Busbar.Node.Api;

/// <summary>Readings that were refused, with their reasons.</summary>
internal static class QuarantineApi
{
    // A household's own are looked for among the newest; what is older an operator finds.
    private const int LookedThrough = 5_000;

    public static async Task<Page<RefusedDocument>> ListAsync(
        NodeParts parts, RequestAccess access, long? cursor, int? limit, CancellationToken cancellation)
    {
        var most = PageLimit.Of(limit);
        var isAll = access.Grant == Domain.Access.Grant.All;
        var found = (await parts.Store!.Readings.QuarantineAsync(cursor, isAll ? most : LookedThrough, cancellation))
            .Select(refused => (Refused: refused, Meter: MeterOf(refused)))
            .Where(pair => isAll || (pair.Meter is { } meter && parts.Houses!.Find(meter) is { } house && access.Covers(house.Premises)))
            .Take(most)
            .ToArray();
        return new(
            [
                .. found.Select(pair => new RefusedDocument(
                    pair.Refused.Id.ToString(CultureInfo.InvariantCulture),
                    Forms.Text(pair.Refused.ReceivedAt),
                    pair.Meter?.Key.ToString(),
                    pair.Refused.Reason,
                    pair.Refused.Detail,
                    pair.Refused.Size)),
            ],
            found.Length == most ? found[^1].Refused.Id.ToString(CultureInfo.InvariantCulture) : null);
    }

    private static MeterId? MeterOf(StoredRefusal refused) => DeviceTopic.TryParse(refused.Topic, out var meter, out _) ? meter : null;
}

/// <summary>A refused message.</summary>
internal sealed record RefusedDocument(string Id, string At, string? Meter, [property: OneOf(typeof(ReadingRefused))] string Reason, string Detail, int Size);
