using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Busbar.Cryptography;
using Busbar.Domain.Community;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Node.Api.Describing;
using Busbar.Node.Community;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Busbar.Node.Api;

/// <summary>The directory of houses: read, and written one by one or by the list.</summary>
internal static class DirectoryApi
{
    /// <summary>The most bytes of a list: 2,000 houses with names of any script and all that is told of them.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    public static IReadOnlyList<HouseEntry> Read(NodeParts parts) =>
        [.. parts.Houses!.All().Select(house => Entry(house, parts.Ledger!.Find(house.Meter)))];

    public static Task<Results<Ok<DirectoryWritten>, ProblemHttpResult>> WriteOneAsync(
        NodeParts parts, NodeKeys keys, string meter, HouseForm form, CancellationToken cancellation) =>
        WriteAsync(parts, keys, [form with { Meter = meter }], cancellation);

    public static async Task<Results<Ok<DirectoryWritten>, ProblemHttpResult>> WriteAsync(
        NodeParts parts, NodeKeys keys, IReadOnlyList<HouseForm> list, CancellationToken cancellation)
    {
        if (list.Count > HouseRules.MostAtOnce)
            return Refuse([new HouseRefused.TooMany(HouseRules.MostAtOnce + 1, HouseRules.MostAtOnce)]);
        var refused = new List<HouseRefused>();
        var houses = new List<House>();
        for (var place = 0; place < list.Count; place++)
        {
            if (TryRead(list[place], place + 1, keys, refused) is { } house)
                houses.Add(house);
        }

        if (refused.Count == 0)
            refused.AddRange(await parts.Houses!.PutAsync(houses, cancellation));
        if (refused.Count > 0)
            return Refuse(refused);
        await parts.Rules!.ApplyAsync(cancellation);
        return TypedResults.Ok(new DirectoryWritten([.. houses.Select(house => Entry(house, parts.Ledger!.Find(house.Meter)))]));
    }

    private static House? TryRead(HouseForm? form, int line, NodeKeys keys, List<HouseRefused> refused)
    {
        var before = refused.Count;
        if (form is null)
        {
            refused.Add(new HouseRefused.BadValue(line, "house", "an object"));
            return null;
        }

        if (!Address.TryParse(form.Meter, out var key))
            refused.Add(new HouseRefused.BadValue(line, "meter", "an address: 0x and 40 digits, mixed case as its checksum wants"));
        if (!Choice.TryRead<MeterKind>(form.Kind ?? nameof(MeterKind.Premises), out var kind) || kind == MeterKind.None)
            refused.Add(new HouseRefused.BadValue(line, "kind", "premises, transformer, plant or storage"));
        if (form.ConnectionWatts is not null and not (> 0 and <= 100_000_000))
            refused.Add(new HouseRefused.BadValue(line, "connectionWatts", "above 0 to 100000000"));
        if (refused.Count > before)
            return null;
        var meter = new MeterId(key);
        return new(meter, (form.Name ?? "").Trim(), kind, new(form.Microgrid), kind == MeterKind.Premises ? keys.PremisesOf(meter) : default)
        {
            District = (form.District ?? "").Trim(),
            Feeder = (form.Feeder ?? "").Trim(),
            Connection = form.ConnectionWatts is { } watts ? Power.FromWatts(watts) : null,
        };
    }

    private static ProblemHttpResult Refuse(IReadOnlyList<HouseRefused> refused) => Problems.Problem(
        StatusCodes.Status400BadRequest,
        "DirectoryRefused",
        $"nothing was written: {refused.Count} problems, the first in line {refused[0].Line}: {refused[0].Detail}",
        [.. refused.Take(HouseRules.MostAtOnce).Select(one => new LineProblem(one.Line, one.Reason, one.Detail))]);

    private static HouseEntry Entry(House house, MeterRegistration? registered) => new(
        house.Meter.Key.ToString(),
        house.Name,
        house.Kind.ToString().ToLowerInvariant(),
        house.Microgrid.Number,
        house.Premises.ToString(),
        house.District,
        house.Feeder,
        house.Connection?.Watts,
        registered is not null,
        registered is { } there && there.Participant != default ? there.Participant.ToString() : null,
        registered?.Firmware.ToString());
}

/// <summary>A house to write.</summary>
internal sealed record HouseForm
{
    [Description("The meter's address; not needed where the address of the request names it.")]
    public string? Meter { get; init; }

    [Required]
    [Length(1, House.LongestName)]
    [Description("Printing characters, unlike any other house's.")]
    public string? Name { get; init; }

    [OneOf(typeof(MeterKind), Letters.Lower)]
    [Description("premises when not told.")]
    public string? Kind { get; init; }

    [Description("1 when not told.")]
    public uint Microgrid { get; init; } = 1;

    [Description("Where it is, for sums by place.")]
    public string? District { get; init; }

    [Description("What feeds it, for sums by place.")]
    public string? Feeder { get; init; }

    [Description("The most that the connection carries, above 0 to 100000000; the community's default when not told.")]
    public double? ConnectionWatts { get; init; }
}

/// <summary>A house of the directory.</summary>
internal sealed record HouseEntry(
    string Meter,
    string Name,
    [property: OneOf(typeof(MeterKind), Letters.Lower)] string Kind,
    uint Microgrid,
    [property: Description("The random id of the premises on the ledger; zero for a community's own meter.")] string Premises,
    string District,
    string Feeder,
    double? ConnectionWatts,
    [property: Description("Whether a regulator has registered the meter.")] bool Registered,
    string? Participant,
    string? Firmware);

/// <summary>What was written.</summary>
internal sealed record DirectoryWritten(IReadOnlyList<HouseEntry> Houses);

/// <summary>What is wrong in a line.</summary>
internal sealed record LineProblem(int Line, [property: OneOf(typeof(HouseRefused))] string Reason, string Detail);
