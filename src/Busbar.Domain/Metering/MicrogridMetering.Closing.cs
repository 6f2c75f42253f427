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
        // Not twice running, or a clock that always moves by more than the waiting would never let it end.
        var stoodStill = _lastTick == Instant.MinValue || (now - _lastTick > Rules.Waiting && _resumedAt != _lastTick);
        if (stoodStill)
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
        return _accounts.Values.Any(account => account.HasLeafIn(interval));
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
                !account.IsRegisteredFor(interval) || account.LastBoundary > boundary);
    }

    private IEnumerable<long> DueCorrections(Instant now, int most) =>
        [.. _dirty.Where(dirty => now >= dirty.Value + Rules.CorrectionDelay).Select(dirty => dirty.Key).Take(most)];

    private void EstimateMissing(long boundary)
    {
        var interval = IntervalAt(boundary);
        foreach (var account in _accounts.Values)
        {
            if (!account.HasLeafIn(interval) || account.Points[boundary + 1].Source != PointSource.Unknown)
                continue;
            var opening = account.Points[boundary];
            if (opening.Source == PointSource.Unknown)
                continue;
            var usual = account.Profile.Usual(interval);
            var registers = new Registers(
                Advance(opening.Registers.Import, usual.Import), Advance(opening.Registers.Export, usual.Export), opening.Registers.Bands);
            account.Points[boundary + 1] = new(PointSource.Estimated, registers, default, ReadingFlags.None, AfterReset: false);
        }
    }

    // An estimate may not bring the microgrid down because a register stands at the end of its range.
    private static MeterRegister Advance(MeterRegister register, Energy usual) =>
        usual.MilliwattHours <= long.MaxValue - register.MilliwattHours ? register.Advance(usual) : register;

    private IntervalClosing Close(long boundary, int version)
    {
        var interval = IntervalAt(boundary);
        MeterAccount[] accounts = [.. _accounts.Values.Where(account => account.HasLeafIn(interval))];
        MeterId[] meters = [.. accounts.Select(account => account.Registration.Meter)];
        var order = LeafOrder.Permute(_master, Microgrid, interval, version, meters);
        var leaves = new Leaf[order.Length];
        for (var i = 0; i < leaves.Length; i++)
            leaves[i] = LeafOf(accounts[order[i]], boundary, interval, version);
        var transformer = _accounts.Values.FirstOrDefault(account =>
            account.Registration.Kind == MeterKind.Transformer && account.IsRegisteredFor(interval));
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
        if (closing.AfterReset)
        {
            // After a reset the new register itself is what was used since it began at zero.
            energy = new(closing.Registers.Import - default(MeterRegister), closing.Registers.Export - default(MeterRegister));
            flags |= LeafFlags.RegisterReset;
        }
        else if (opening.Source != PointSource.Unknown && closing.Source != PointSource.Unknown)
        {
            var (from, to) = (opening.Registers, closing.Registers);
            if (account.Counted is { } counted && !(from.NotBelow(counted) && to.NotBelow(counted)))
            {
                (from, to) = (from.NotLessThan(counted), to.NotLessThan(counted));
                flags |= LeafFlags.OpeningEstimated;
            }

            energy = new(to.Import - from.Import, to.Export - from.Export);
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
        var oldest = Math.Min(Math.Max(BoundaryOf(now - Rules.LateLimit), 0), next - 1);
        var floor = Math.Max(_accounts.Values.Select(account => SettledUpTo(account, oldest)).Append(next).Min() - 1, oldest);
        // A correction that waits needs its points, however old.
        if (_dirty.Count > 0)
            floor = Math.Min(floor, _dirty.Keys.First());
        _settled = Math.Max(_settled, floor);
        foreach (var account in _accounts.Values)
        {
            // The last true register is forgotten with this: what was estimated since stays counted.
            if (account.LastBoundary < floor && account.Points[floor] is { Source: PointSource.Estimated } final)
                account.Counted = final.Registers.NotLessThan(account.Counted ?? default);
            account.Points.ForgetBefore(floor);
            while (account.Signed.Count > 0 && account.Signed.Keys.First() < floor)
                account.Signed.Remove(account.Signed.Keys.First());
        }

        foreach (var boundary in _corrected.Keys.TakeWhile(boundary => boundary < _settled).ToArray())
            _corrected.Remove(boundary);
    }

    // Up to its newest reading nothing of a meter can change; one that is retired may still send up to its end.
    private long SettledUpTo(MeterAccount account, long oldest)
    {
        if (account.Registration.Commodity != Commodity.Electricity)
            return long.MaxValue;
        var settled = account.LastBoundary ?? oldest;
        return account.LastEnd(Rules.Length) is { } end && Math.Max(settled, oldest) >= BoundaryOf(end) ? long.MaxValue : settled;
    }
}
