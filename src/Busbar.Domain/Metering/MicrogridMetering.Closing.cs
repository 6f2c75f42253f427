using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Metering;

/// <content>Closing intervals, and correcting them.</content>
public sealed partial class MicrogridMetering
{
    // A node that was off for long has thousands of intervals to close; it does so over several ticks.
    private const int ClosingsPerTick = 64;

    /// <summary>
    /// The clock moved. Closes every interval whose meters have all reported or whose waiting is over, and corrects closed ones
    /// that late readings changed. The closings are applied already.
    /// </summary>
    /// <returns>The versions, oldest interval first.</returns>
    public IReadOnlyList<IntervalClosing> Tick(Instant now)
    {
        MoveClock(now);
        var closings = new List<IntervalClosing>();
        StartWhenReadingsAreIn();
        while (closings.Count < ClosingsPerTick && _next is { } next && IsDue(next, now))
        {
            EstimateMissing(next);
            closings.Add(Close(next, version: 1));
            _next = next + 1;
        }

        foreach (var boundary in DueCorrections(now, ClosingsPerTick - closings.Count))
            closings.Add(Close(boundary, (_corrected.TryGetValue(boundary, out var version) ? version : 1) + 1));
        ForgetSettled(now);
        return closings;
    }

    /// <summary>Applies closings that were decided before, at the same tick; nothing is estimated anew.</summary>
    public void ApplyTick(Instant now, IReadOnlyList<ClosingDecision> decisions)
    {
        MoveClock(now);
        StartWhenReadingsAreIn();
        foreach (var decision in decisions)
        {
            var boundary = BoundaryOf(decision.Interval.Start);
            foreach (var (meter, registers) in decision.Estimates)
            {
                var points = _accounts[meter].Points;
                if (points[boundary + 1].Source != PointSource.Measured)
                    points[boundary + 1] = new(PointSource.Estimated, registers, default, ReadingFlags.None, AfterReset: false);
            }

            Settle(boundary, decision.Version);
            if (decision.Version == 1)
                _next = boundary + 1;
        }

        ForgetSettled(now);
    }

    private void MoveClock(Instant now)
    {
        if (_lastTick == Instant.MinValue || now - _lastTick > Rules.Waiting)
            _resumedAt = now;
        _lastTick = now;
    }

    // The first interval is the first with a reading at its start and a meter registered by then.
    private void StartWhenReadingsAreIn()
    {
        _next ??= _firstReading;
        while (_firstClosed is null && _next is { } next && IntervalAt(next).End <= _lastTick && !HasLeaves(next))
            _next = next + 1;
    }

    private bool HasLeaves(long boundary)
    {
        var interval = IntervalAt(boundary);
        return _accounts.Values.Any(account => account.Registration.HasLeafIn(interval));
    }

    // After a standstill the waiting begins when the clock goes on: the meters must be given the time to send what they kept.
    private bool IsDue(long boundary, Instant now)
    {
        var interval = IntervalAt(boundary);
        if (interval.End > now)
            return false;
        var waitedFrom = interval.End > _resumedAt ? interval.End : _resumedAt;
        return now >= waitedFrom + Rules.Waiting
            || _accounts.Values.All(account =>
                !account.Registration.IsRegisteredFor(interval) || account.Points[boundary + 1].Source == PointSource.Measured);
    }

    private IEnumerable<long> DueCorrections(Instant now, int most) =>
        [.. _dirty.Where(dirty => now >= dirty.Value + Rules.CorrectionDelay).Select(dirty => dirty.Key).Take(most)];

    private void EstimateMissing(long boundary)
    {
        var interval = IntervalAt(boundary);
        foreach (var account in _accounts.Values)
        {
            if (!account.Registration.HasLeafIn(interval) || account.Points[boundary + 1].Source != PointSource.Unknown)
                continue;
            var opening = account.Points[boundary];
            if (opening.Source == PointSource.Unknown)
                continue;
            var usual = account.Profile.Usual(interval);
            var registers = new Registers(
                opening.Registers.Import.Advance(usual.Import), opening.Registers.Export.Advance(usual.Export), opening.Registers.Bands);
            account.Points[boundary + 1] = new(PointSource.Estimated, registers, default, ReadingFlags.None, AfterReset: false);
        }
    }

    private IntervalClosing Close(long boundary, int version)
    {
        var interval = IntervalAt(boundary);
        MeterAccount[] accounts = [.. _accounts.Values.Where(account => account.Registration.HasLeafIn(interval))];
        MeterId[] meters = [.. accounts.Select(account => account.Registration.Meter)];
        var order = LeafOrder.Permute(_master, Microgrid, interval, version, meters);
        var leaves = new Leaf[order.Length];
        for (var i = 0; i < leaves.Length; i++)
            leaves[i] = LeafOf(accounts[order[i]], boundary, interval, version);
        var transformer = _accounts.Values.FirstOrDefault(account =>
            account.Registration.Kind == MeterKind.Transformer && account.Registration.IsRegisteredFor(interval));
        Settle(boundary, version);
        return new(
            interval,
            version,
            leaves,
            MerkleSumTree.Build(leaves),
            transformer?.Signed.GetValueOrDefault(boundary),
            transformer?.Signed.GetValueOrDefault(boundary + 1))
        {
            Decision = new(interval, version, EstimatesAt(accounts, boundary + 1)),
        };
    }

    private static KeyValuePair<MeterId, Registers>[] EstimatesAt(IEnumerable<MeterAccount> accounts, long boundary) =>
        [.. accounts
            .Where(account => account.Points[boundary].Source == PointSource.Estimated)
            .Select(account => KeyValuePair.Create(account.Registration.Meter, account.Points[boundary].Registers))];

    private Leaf LeafOf(MeterAccount account, long boundary, Interval interval, int version)
    {
        var meter = account.Registration.Meter;
        var (opening, closing) = (account.Points[boundary], account.Points[boundary + 1]);
        var flags = (LeafFlags)((int)closing.Flags & 0xff);
        if (closing.Source != PointSource.Measured)
            flags |= LeafFlags.Estimated;
        if (opening.Source != PointSource.Measured)
            flags |= LeafFlags.OpeningEstimated;
        var energy = default(EnergySum);
        var known = opening.Source != PointSource.Unknown && closing.Source != PointSource.Unknown;
        if (closing.AfterReset || (known && !closing.Registers.NotBelow(opening.Registers)))
        {
            // After a reset the new register itself is what was used since it began at zero.
            energy = closing.AfterReset ? new(closing.Registers.Import - default(MeterRegister), closing.Registers.Export - default(MeterRegister)) : default;
            flags |= LeafFlags.RegisterReset;
        }
        else if (known)
        {
            energy = EnergyBetween(opening, closing);
        }

        var salt = (account.Secret ??= MeterSecret.Derive(_master, meter)).Salt(interval, version);
        return new(meter, closing.Registers, energy, flags, closing.Digest, salt);
    }

    private void Settle(long boundary, int version)
    {
        _dirty.Remove(boundary);
        _firstClosed ??= boundary;
        if (version > 1)
            _corrected[boundary] = version;
    }

    // Points are kept from the oldest boundary on that a late reading may still correct.
    private void ForgetSettled(Instant now)
    {
        if (_next is not { } next)
            return;
        var oldest = Math.Max(BoundaryOf(now - Rules.LateLimit), 0);
        var floor = next;
        foreach (var account in _accounts.Values)
        {
            if (account.Registration.RetiredAt is null && account.LastBoundary is { } last)
                floor = Math.Min(floor, last);
        }

        foreach (var dirty in _dirty.Keys)
            floor = Math.Min(floor, dirty);
        floor = Math.Max(floor - 1, Math.Min(oldest, next - 1));
        foreach (var account in _accounts.Values)
        {
            account.Points.ForgetBefore(floor);
            while (account.Signed.Count > 0 && account.Signed.Keys.First() < floor)
                account.Signed.Remove(account.Signed.Keys.First());
        }

        foreach (var boundary in _corrected.Keys.Where(boundary => boundary < oldest).ToArray())
            _corrected.Remove(boundary);
    }
}
