using Busbar.Cryptography;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Tests.Testing;

/// <summary>A microgrid on a scripted clock: sends readings, ticks, and holds every closing to what must be true of all of them.</summary>
internal sealed class Street
{
    public static readonly Hash256 Master = Sample.Hash(99);

    public static readonly MicrogridId Microgrid = new(1);

    private readonly List<Action<MicrogridMetering>> _decided = [];
    private readonly Dictionary<MeterId, ulong> _sequences = [];
    private readonly Dictionary<Instant, IntervalClosing> _newest = [];

    public Street(MeteringRules? rules = null)
    {
        Rules = rules ?? new();
        Metering = new(Microgrid, Master, Rules);
    }

    public MeteringRules Rules { get; }

    public MicrogridMetering Metering { get; private set; }

    /// <summary>The newest version of each interval that was closed.</summary>
    public IReadOnlyDictionary<Instant, IntervalClosing> Newest => _newest;

    public Instant Now { get; private set; } = Sample.Noon;

    /// <summary>Minutes after noon.</summary>
    public static Instant At(double minutes) => Sample.Noon + Duration.FromMinutes(minutes);

    public MeterId Register(
        int number, MeterKind kind = MeterKind.Premises, Instant? at = null, Commodity commodity = Commodity.Electricity)
    {
        var meter = Sample.Meter(number);
        var registration = new MeterRegistration(
            meter, kind, commodity, Microgrid, default, default, default, at ?? Sample.Noon - Duration.FromDays(1), null);
        Both(metering => metering.Register(registration));
        return meter;
    }

    public void Retire(MeterId meter, Instant at) => Both(metering => metering.Retire(meter, at));

    public void RecordChange(MeterId meter) => Both(metering => metering.RecordChange(meter));

    /// <summary>A reading with the meter's next number, as the meter would make it.</summary>
    public Reading Make(
        MeterId meter, Instant instant, long import, long export = 0, ReadingFlags flags = ReadingFlags.ClockSet, uint boot = 1, ulong skip = 0)
    {
        var sequence = _sequences.GetValueOrDefault(meter) + skip;
        _sequences[meter] = sequence + 1;
        return new(meter, boot, sequence, instant, Sample.Registers(import, export), Sample.Hash(5), flags);
    }

    /// <summary>Judges and applies a reading as an actor does.</summary>
    public (ReadingVerdict Verdict, ReadingRefused? Refused) Send(Reading reading)
    {
        var signed = new SignedReading(reading, default);
        var digest = reading.Digest(Sample.Domain);
        var answer = Metering.Judge(reading, digest, Now);
        if (answer.Verdict == ReadingVerdict.Accepted)
            Both(metering => metering.ApplyAccepted(signed, digest));
        else if (answer.Verdict == ReadingVerdict.Refused)
            Both(metering => metering.ApplyRefused(reading, digest));
        return answer;
    }

    /// <summary>Sends a reading that must be believed.</summary>
    public void Read(
        MeterId meter, Instant instant, long import, long export = 0, ReadingFlags flags = ReadingFlags.ClockSet, uint boot = 1, ulong skip = 0)
    {
        var (verdict, refused) = Send(Make(meter, instant, import, export, flags, boot, skip));
        Assert.True(verdict == ReadingVerdict.Accepted, $"{refused?.Reason}: {refused?.Detail}");
    }

    /// <summary>Sends a reading that must be refused.</summary>
    public T Refuse<T>(Reading reading)
        where T : ReadingRefused
    {
        var (verdict, refused) = Send(reading);
        Assert.Equal(ReadingVerdict.Refused, verdict);
        Assert.Equal(typeof(T).Name, refused!.Reason);
        Assert.NotEmpty(refused.Detail);
        return Assert.IsType<T>(refused);
    }

    /// <summary>Moves the clock without a tick.</summary>
    public void MoveTo(Instant now) => Now = now;

    /// <summary>Moves the clock and ticks.</summary>
    public IReadOnlyList<IntervalClosing> Tick(Instant now)
    {
        Now = now;
        var closings = Metering.Tick(now);
        ClosingDecision[] decisions = [.. closings.Select(closing => closing.Decision)];
        _decided.Add(metering => metering.ApplyTick(now, decisions));
        foreach (var closing in closings)
            Take(closing);
        return closings;
    }

    /// <summary>Ticks for some minutes: long enough for the waiting, short enough to close nothing that comes after.</summary>
    public void Settle(Instant now, double minutes = 6)
    {
        for (var end = now + Duration.FromMinutes(minutes); now <= end; now += Duration.FromSeconds(20))
            Tick(now);
    }

    /// <summary>The newest version of the interval that begins so many minutes after noon.</summary>
    public IntervalClosing Closing(double minutes) => _newest[At(minutes)];

    /// <summary>A meter's leaf in the newest version of the interval that begins so many minutes after noon.</summary>
    public Leaf Leaf(double minutes, MeterId meter) => Closing(minutes).Leaves.Single(leaf => leaf.Meter == meter);

    /// <summary>What the newest versions of all intervals say that a meter took in and gave out.</summary>
    public EnergySum Total(MeterId meter) => _newest.Values
        .SelectMany(closing => closing.Leaves.Where(leaf => leaf.Meter == meter))
        .Aggregate(default(EnergySum), (sum, leaf) => sum + leaf.Energy);

    /// <summary>Makes the state anew from its checkpoint, as a restart does.</summary>
    public void Restart()
    {
        var state = Metering.ToCheckpoint();
        Metering = MicrogridMetering.FromCheckpoint(state, Microgrid, Master, Rules);
        Assert.Equal(state, Metering.ToCheckpoint());
    }

    /// <summary>Applies everything again as it was decided, with no judging.</summary>
    public MicrogridMetering Replay()
    {
        var metering = new MicrogridMetering(Microgrid, Master, Rules);
        foreach (var decided in _decided)
            decided(metering);
        return metering;
    }

    private void Both(Action<MicrogridMetering> change)
    {
        change(Metering);
        _decided.Add(change);
    }

    private void Take(IntervalClosing closing)
    {
        var interval = closing.Interval;
        Assert.Equal(_newest.TryGetValue(interval.Start, out var before) ? before.Version + 1 : 1, closing.Version);
        Assert.True(interval.End <= Now);
        Assert.Equal(
            Metering.Meters.Where(meter => meter.HasLeafIn(interval)).Select(meter => meter.Meter).Order(),
            closing.Leaves.Select(leaf => leaf.Meter).Order());
        Assert.Equal(closing.Leaves.Aggregate(default(EnergySum), (sum, leaf) => sum + leaf.Energy), closing.Tree.Root.Sum);
        for (var i = 0; i < closing.Leaves.Count; i++)
        {
            var leaf = closing.Leaves[i];
            Assert.True(leaf.Energy.Import.MilliwattHours >= 0 && leaf.Energy.Export.MilliwattHours >= 0);
            Assert.Equal(leaf.Flags.HasFlag(LeafFlags.Estimated), leaf.ReadingDigest.IsZero);
            Assert.Equal(closing.Tree.Root, closing.Tree.Prove(i).RootFor(leaf));
            Assert.Equal(MeterSecret.Derive(Master, leaf.Meter).Salt(interval, closing.Version), leaf.Salt);
        }

        _newest[interval.Start] = closing;
    }
}
