using Busbar.Domain.Billing;
using Busbar.Domain.History;
using Busbar.Domain.Metering;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Proofs;
using Busbar.Node.Billing.Tariffs;
using NodaTime;
using Contract = Busbar.Ledger.Contracts.Billing;

namespace Busbar.Node.Billing;

/// <summary>Makes the contract's input of bills and openings from stored readings and their proofs.</summary>
internal sealed class BillDrafts(BillingSurroundings around)
{
    // A signed reading may come late; after so long the estimate is billed.
    private static readonly Duration Patience = Duration.FromDays(3);

    // A round's bills end with the same few intervals.
    private const int MostIntervals = 16;

    private const int MostOpenings = 8;

    private readonly Dictionary<uint, (byte[] Encoded, TariffCalendar? Calendar)> _tariffs = [];
    private readonly Dictionary<(MicrogridId, Instant, int), IntervalProofs?> _intervals = [];

    /// <summary>
    /// The opening of an account at the first anchored, signed reading since its meter stands there and its tariff holds, or why there is none
    /// yet. Where a meter went from one premises to another, that is the reading at which the other account ended.
    /// </summary>
    public async Task<(Contract.OpeningInput? Input, string? Lacking)> OpeningAsync(
        MeterRegistration meter, PublishedTariff tariff, CancellationToken cancellation)
    {
        if (around.View.Anchors(meter.Microgrid, before: null, limit: 1) is not [var newest])
            return (null, "nothing of its microgrid is anchored yet");
        var from = Instant.Max(Instant.Max(meter.RegisteredAt, tariff.Place.Time), Instant.FromUnixTimeSeconds((long)tariff.Tariff.ValidFrom));
        var first = around.Length.EndAtOrAfter(from);
        var last = newest.Start + around.Length.Duration;
        if (last < first || !tariff.Tariff.HoldsAt(last))
            return (null, "no interval since its registration and its tariff's beginning is anchored yet");
        foreach (var end in Ends(first, last).Where(end => tariff.Tariff.HoldsAt(end)))
        {
            if (await ProveAsync(meter.Microgrid, meter.Meter, end, cancellation) is { Reading: not null } proof)
                return (new(meter.Premises.Value, meter.Microgrid.Number, tariff.Number, ProvenReadingForm.Of(proof)), null);
        }

        return (null, "none of its intervals has a signed reading yet");
    }

    // The first few, and the newest: a meter that was silent for long begins where it is.
    private IEnumerable<Instant> Ends(Instant first, Instant last)
    {
        var end = first;
        for (var count = 0; count < MostOpenings && end < last; count++, end += around.Length.Duration)
            yield return end;
        yield return last;
    }

    /// <summary>The bill of a period that ends at an instant, or what it waits for.</summary>
    public async Task<(Contract.BillInput? Input, string? Lacking)> BillAsync(
        PremisesAccount account, PublishedTariff tariff, Instant end, bool isLast, Instant now, CancellationToken cancellation)
    {
        var opening = account.Latest;
        if (await ProveAsync(account.Microgrid, opening.Meter, end, cancellation) is not { } proof)
            return (null, "the interval at its end is not anchored yet");
        if (proof.Reading is null && (now < end + Patience || opening.Usual == default))
            return (null, "the reading at its end has not come");
        var (encoded, calendar) = Known(tariff);
        var bands = calendar is not null && !IsBanded(opening, proof)
            ? await BandsAsync(calendar, opening, proof, end, cancellation)
            : default;
        return (new(account.Premises.Value, opening.ToWords(), encoded, ProvenReadingForm.Of(proof), Words(bands), isLast), null);
    }

    // At an interval's end, in its newest anchored version; null when none is anchored.
    private async Task<ProofDocument?> ProveAsync(MicrogridId microgrid, MeterId meter, Instant end, CancellationToken cancellation)
    {
        var start = end - around.Length.Duration;
        var version = 0;
        while (around.View.Anchor(microgrid, start, version + 1) is not null)
            version++;
        return version == 0 ? null : await ProveAsync(microgrid, meter, start, version, cancellation);
    }

    private async Task<ProofDocument?> ProveAsync(MicrogridId microgrid, MeterId meter, Instant start, int version, CancellationToken cancellation)
    {
        if (!_intervals.TryGetValue((microgrid, start, version), out var interval))
        {
            if (_intervals.Count == MostIntervals)
                _intervals.Clear();
            interval = await around.Proofs.IntervalAsync(microgrid, start, version, cancellation);
            _intervals.Add((microgrid, start, version), interval);
        }

        return interval?.Of(meter);
    }

    private static bool IsBanded(PeriodBoundary opening, ProofDocument proof)
    {
        var (from, to) = (opening.Registers, proof.Leaf.Closing);
        var sum = Enumerable.Range(0, BandRegisters.Count).Aggregate(opening.BandsBefore.Sum, (total, band) => total + (to.Bands[band] - from.Bands[band]));
        return sum == opening.ImportBefore + (to.Import - from.Import);
    }

    // From the meter's own readings; where some are missing, the energy between two is spread evenly.
    private async Task<BandEnergies> BandsAsync(
        TariffCalendar calendar, PeriodBoundary opening, ProofDocument proof, Instant end, CancellationToken cancellation)
    {
        var series = await around.Readings.SeriesAsync(opening.Meter, opening.Instant, end, cancellation);
        var points = new List<HistoryPoint> { new(opening.Instant, opening.Registers) };
        points.AddRange(series.Where(point => point.Instant > opening.Instant && point.Instant < end).Select(point => new HistoryPoint(point.Instant, point.Registers)));
        points.Add(new(end, proof.Leaf.Closing));
        var bands = calendar.Over(opening.Instant, end).Split([.. points]);
        // What meters counted before the exchange has no readings of this meter: it counts as the first band.
        return opening.ImportBefore == default ? bands : bands + BandEnergies.In(0, opening.ImportBefore);
    }

    private (byte[] Encoded, TariffCalendar? Calendar) Known(PublishedTariff published)
    {
        if (_tariffs.TryGetValue(published.Number, out var known))
            return known;
        TariffCalendar? calendar = null;
        if (published.Tariff.HasBands && TariffFile.FromLedger(published.Tariff, published.Document.Span).Tariff is { } tariff)
            calendar = new(tariff);
        return _tariffs[published.Number] = (TariffForm.Encode(published.Tariff), calendar);
    }

    private static ulong[] Words(BandEnergies bands) =>
        [.. Enumerable.Range(0, BandRegisters.Count).Select(band => (ulong)bands[band].MilliwattHours)];
}
