using Busbar.Cryptography;
using NodaTime;

namespace Busbar.Domain.Metering;

/// <summary>
/// The metering of one microgrid: which meters it has, what they read, which intervals are closed and which must be corrected.
/// It has neither clock nor disk; what it is told, in its journal's order, is all it knows. Not thread safe: one actor owns it.
/// </summary>
public sealed partial class MicrogridMetering
{
    private readonly Dictionary<MeterId, MeterAccount> _accounts = [];
    private readonly SortedDictionary<long, Instant> _dirty = [];
    private readonly SortedDictionary<long, int> _corrected = [];
    private readonly Hash256 _master;
    private long? _next;
    private long? _firstClosed;
    private long? _firstReading;
    private long _settled;
    private Instant _lastTick = Instant.MinValue;
    private Instant _resumedAt = Instant.MinValue;

    /// <summary>A microgrid without meters.</summary>
    /// <param name="microgrid">Which.</param>
    /// <param name="master">The community's secret, from which salts and the order of leaves come.</param>
    /// <param name="rules">The rules in force.</param>
    public MicrogridMetering(MicrogridId microgrid, Hash256 master, MeteringRules rules)
    {
        Microgrid = microgrid;
        Rules = rules;
        _master = master;
    }

    /// <summary>Which microgrid.</summary>
    public MicrogridId Microgrid { get; }

    /// <summary>The rules in force.</summary>
    public MeteringRules Rules { get; private set; }

    /// <summary>The first interval that is not closed yet; null before the first reading.</summary>
    public Interval? NextInterval => _next is { } next ? IntervalAt(next) : null;

    /// <summary>Whether any reading at an interval's end has been taken.</summary>
    public bool HasReadings => _firstReading is not null;

    /// <summary>Whether closed intervals wait for their correction.</summary>
    public bool CorrectionsWait => _dirty.Count > 0;

    /// <summary>All meters that were ever registered here, once for each span of service.</summary>
    public IEnumerable<MeterRegistration> Meters => _accounts.Values.SelectMany(account => account.Earlier.Append(account.Registration));

    /// <summary>The newest accepted reading of a meter, or null.</summary>
    public Reading? LastReading(MeterId meter) => _accounts.GetValueOrDefault(meter)?.Last;

    /// <summary>The next sequence number of a meter, or null before its first reading.</summary>
    public ulong? NextSequence(MeterId meter) => _accounts.GetValueOrDefault(meter)?.NextSequence;

    /// <summary>Puts other rules in force. The length of intervals cannot change once readings are in.</summary>
    /// <exception cref="InvalidOperationException">The length differs and there are readings.</exception>
    public void Configure(MeteringRules rules)
    {
        if (_firstReading is not null && rules.Length != Rules.Length)
            throw new InvalidOperationException($"intervals are {Rules.Length} and readings are in; a community keeps its length");
        Rules = rules;
    }

    /// <summary>The ledger registered a meter here, moved it here, or changed its registration.</summary>
    public void Register(MeterRegistration registration)
    {
        if (_accounts.TryGetValue(registration.Meter, out var account))
            account.Register(registration);
        else
            _accounts.Add(registration.Meter, new(registration));
    }

    /// <summary>The ledger retired a meter; unknown ones are ignored.</summary>
    public void Retire(MeterId meter, Instant at)
    {
        if (_accounts.TryGetValue(meter, out var account))
            account.Retire(at);
    }

    /// <summary>An operator recorded that a meter was changed: with its next boot its registers may begin anew.</summary>
    /// <returns>False when the meter is not registered here.</returns>
    public bool RecordChange(MeterId meter)
    {
        if (!_accounts.TryGetValue(meter, out var account))
            return false;
        account.ChangeRecorded = true;
        return true;
    }

    /// <summary>Whether a reading is to be believed. Changes nothing. The signature has been checked.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="now">The node's clock when it came.</param>
    public (ReadingVerdict Verdict, ReadingRefused? Refused) Judge(Reading reading, Hash256 digest, Instant now)
    {
        if (!_accounts.TryGetValue(reading.Meter, out var account) || reading.Instant > account.LastEnd(Rules.Length))
            return (ReadingVerdict.Refused, new ReadingRefused.UnknownMeter(reading.Meter));
        return ReadingJudge.Judge(account, reading, digest, now, Rules);
    }

    /// <summary>A genuine reading was refused for what it says; its number is taken all the same, unless numbers are missing before it.</summary>
    public void ApplyRefused(Reading reading, Hash256 digest)
    {
        if (_accounts.TryGetValue(reading.Meter, out var account)
            && (account.NextSequence is not { } next || reading.Sequence == next
                || (reading.Sequence > next && reading.Flags.HasFlag(ReadingFlags.ReadingsLost))))
            account.TakeNumber(reading, digest);
    }

    /// <summary>A reading was believed: its registers are the truth from here on.</summary>
    public void ApplyAccepted(SignedReading signed, Hash256 digest)
    {
        var reading = signed.Reading;
        var account = _accounts[reading.Meter];
        var reset = account.Last is { } last && !reading.Registers.NotBelow(last.Registers);
        account.ChangeRecorded &= !reset;
        account.ResetSinceBoundary |= reset;
        account.TakeNumber(reading, digest);
        account.Last = reading;
        if (!reading.Flags.HasFlag(ReadingFlags.OnRequest))
            PlaceAtBoundary(account, signed, digest);
    }

    private Interval IntervalAt(long boundary) => new(Instant.FromUnixTimeSeconds(boundary * Rules.Length.Seconds), Rules.Length);

    private long BoundaryOf(Instant instant) => instant.ToUnixTimeSeconds() / Rules.Length.Seconds;

    private void PlaceAtBoundary(MeterAccount account, SignedReading signed, Hash256 digest)
    {
        var reading = signed.Reading;
        var boundary = BoundaryOf(reading.Instant);
        _firstReading = Math.Min(_firstReading ?? boundary, boundary);
        if (_firstClosed is null && _next > boundary)
            _next = boundary;
        account.LastBoundary = boundary;
        var opening = account.Points.SpreadFrom(boundary);
        var estimated = account.Points[boundary];
        var reset = account.ResetSinceBoundary;
        account.ResetSinceBoundary = false;
        account.Points[boundary] = new(PointSource.Measured, reading.Registers, digest, reading.Flags, reset);
        var (first, last) = (boundary - 1, boundary);
        if (account.Registration.Kind == MeterKind.Transformer)
        {
            // Its readings are anchored themselves, so what lies between two of them is as it was.
            account.Signed[boundary] = signed;
        }
        else if (reset)
        {
            // Nothing is known of what lies before.
            account.Counted = null;
            if (estimated.Source == PointSource.Estimated)
                last = account.Points.MoveEstimatesAfter(boundary, estimated.Registers);
        }
        else
        {
            first = opening ?? first;
            Spread(account, first, boundary);
            last = account.Points.LiftEstimatesAfter(boundary, _next ?? boundary);
        }

        for (var touched = first; touched <= last; touched++)
            MarkDirty(account, touched);
    }

    private void Spread(MeterAccount account, long opening, long boundary)
    {
        RegisterSpread.Fill(account, opening, boundary, IntervalAt);
        if (opening == boundary - 1 && account.Points[opening].Source == PointSource.Measured)
            account.Profile.Learn(IntervalAt(opening), EnergyBetween(account.Points[opening], account.Points[boundary]));
    }

    // A point is the end of one interval and the start of the next; intervals that are not closed yet need no correction, and
    // those whose points are forgotten stay as they are.
    private void MarkDirty(MeterAccount account, long boundary)
    {
        if (boundary >= _settled && boundary >= _firstClosed && boundary < _next && account.IsRegisteredFor(IntervalAt(boundary)))
            _dirty.TryAdd(boundary, _lastTick);
    }

    private static EnergySum EnergyBetween(in BoundaryPoint opening, in BoundaryPoint closing) =>
        new(closing.Registers.Import - opening.Registers.Import, closing.Registers.Export - opening.Registers.Export);
}
