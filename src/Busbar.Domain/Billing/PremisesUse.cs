using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Billing;

/// <summary>What a premises took and gave in a billing period, from the registers of its meter, or of one meter after the other.</summary>
public sealed record PremisesUse
{
    /// <summary>The most meters that one premises may have had in one period.</summary>
    public const int MostSegments = 16;

    private static readonly Energy MostEnergy = Energy.FromMilliwattHours(long.MaxValue);

    private PremisesUse(long seconds, Energy imported, Energy exported, BandEnergies bands, bool isBandedByNode) =>
        (Seconds, Imported, Exported, Bands, IsBandedByNode) = (seconds, imported, exported, bands, isBandedByNode);

    /// <summary>How long the period is.</summary>
    public long Seconds { get; }

    /// <summary>Taken in.</summary>
    public Energy Imported { get; }

    /// <summary>Given out.</summary>
    public Energy Exported { get; }

    /// <summary>The import by rate band; zero where neither meter nor node has bands.</summary>
    public BandEnergies Bands { get; }

    /// <summary>Whether the bands of a meter without any were worked out by the node, which the bill says.</summary>
    public bool IsBandedByNode { get; }

    /// <summary>The use in a period, or why there is none.</summary>
    /// <param name="from">The period's start.</param>
    /// <param name="to">The period's end.</param>
    /// <param name="segments">The meters one after the other, without gap or overlap.</param>
    /// <param name="bandsOf">
    /// The import by rate band of a segment whose meter has no bands, from its interval readings; null when the tariff has no bands.
    /// </param>
    public static (PremisesUse? Use, PremisesUseRefused? Refused) Of(
        Instant from, Instant to, IReadOnlyList<MeterSegment> segments, Func<MeterSegment, BandEnergies>? bandsOf = null)
    {
        ArgumentNullException.ThrowIfNull(segments);
        if (segments.Count is 0 or > MostSegments)
            return (null, new PremisesUseRefused.WrongNumberOfMeters(segments.Count, MostSegments));
        var (at, imported, exported, bands, isBandedByNode) = (from, Energy.Zero, Energy.Zero, default(BandEnergies), false);
        foreach (var segment in segments)
        {
            if (segment.From != at)
                return (null, new PremisesUseRefused.NotContiguous(segment.Meter, at, segment.From));
            if (segment.To <= segment.From)
                return (null, new PremisesUseRefused.ClosesBeforeItOpens(segment.Meter, segment.From, segment.To));
            if (Backwards(segment) is { } backwards)
                return (null, backwards);
            var (import, export) = (segment.Closing.Import - segment.Opening.Import, segment.Closing.Export - segment.Opening.Export);
            if (import > MostEnergy - imported || export > MostEnergy - exported)
                return (null, new PremisesUseRefused.TooMuch(segment.Meter));
            var (measured, isBanded) = BandsOf(segment);
            if (!isBanded && bandsOf is not null && import > Energy.Zero)
                (measured, isBandedByNode) = (bandsOf(segment), true);
            if ((isBanded || bandsOf is not null) && !MakeUp(measured, import))
                return (null, new PremisesUseRefused.BandsDoNotSum(segment.Meter, import));
            (imported, exported, bands, at) = (imported + import, exported + export, bands + measured, segment.To);
        }

        return at == to
            ? (new((to - from).BclCompatibleTicks / NodaConstants.TicksPerSecond, imported, exported, bands, isBandedByNode), null)
            : (null, new PremisesUseRefused.NotContiguous(segments[^1].Meter, to, at));
    }

    /// <summary>What a bill is computed from: this, with what is known beside the meters.</summary>
    public BillUsage ToUsage(Energy bought = default, Energy sold = default, Energy carried = default, bool isLast = false) =>
        new(Seconds, Imported, Exported, Bands, bought, sold, carried, isLast);

    private static PremisesUseRefused? Backwards(MeterSegment segment)
    {
        var (opening, closing) = (segment.Opening, segment.Closing);
        if (closing.Import < opening.Import)
            return new PremisesUseRefused.RegisterBackwards(segment.Meter, "import", opening.Import, closing.Import);
        if (closing.Export < opening.Export)
            return new PremisesUseRefused.RegisterBackwards(segment.Meter, "export", opening.Export, closing.Export);
        for (var band = 0; band < BandRegisters.Count; band++)
        {
            if (closing.Bands[band] < opening.Bands[band])
                return new PremisesUseRefused.RegisterBackwards(segment.Meter, $"band {band + 1}", opening.Bands[band], closing.Bands[band]);
        }

        return null;
    }

    // A meter whose band registers stand at zero has no bands.
    private static (BandEnergies Bands, bool IsBanded) BandsOf(MeterSegment segment)
    {
        var (opening, closing) = (segment.Opening.Bands, segment.Closing.Bands);
        return (
            new(closing.First - opening.First, closing.Second - opening.Second, closing.Third - opening.Third, closing.Fourth - opening.Fourth),
            closing != default);
    }

    private static bool MakeUp(in BandEnergies bands, Energy import)
    {
        var left = import;
        for (var band = 0; band < BandRegisters.Count; band++)
        {
            if (bands[band] < Energy.Zero || bands[band] > left)
                return false;
            left -= bands[band];
        }

        return left == Energy.Zero;
    }
}
