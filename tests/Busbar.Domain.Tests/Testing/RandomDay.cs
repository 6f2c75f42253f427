using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Tests.Testing;

/// <summary>
/// A day and a half of a few houses drawn from a seed: readings on time, late or lost, meters changed, retired and registered, a
/// clock that stands still now and then. At the end everything that was kept is sent.
/// </summary>
internal sealed class RandomDay
{
    private const ReadingFlags Lost = ReadingFlags.ClockSet | ReadingFlags.ReadingsLost;
    private const int Quarters = 140;

    private readonly Random _random;
    private readonly bool _resets;
    private readonly List<House> _houses = [];

    public RandomDay(int seed, bool resets)
    {
        _random = new(seed);
        _resets = resets;
        Street = new(new() { LateLimit = Duration.FromDays(_random.Next(2) == 0 ? 2 : 35) });
        for (var number = 0; number < 4; number++)
        {
            var from = _random.Next(3) == 0 ? _random.Next(40) : 0;
            var kind = number == 3 ? MeterKind.Transformer : MeterKind.Premises;
            _houses.Add(new(Street.Register(number, kind, Street.At((15 * from) - _random.Next(15))), from)
            {
                Import = _random.Next(1_000_000),
                Export = _random.Next(1_000_000),
            });
        }
    }

    public Street Street { get; }

    /// <summary>Whether the state is made anew from its checkpoint now and then.</summary>
    public bool Restarts { get; init; }

    public void Run()
    {
        var quarter = 0;
        for (; quarter < Quarters; quarter++)
        {
            Street.MoveTo(Street.At(15 * quarter));
            foreach (var house in _houses)
                Live(house, quarter);
            if (_random.Next(30) == 0)
                quarter += Skip(_random.Next(20));
            for (var ticks = _random.Next(1, 9); ticks > 0; ticks--)
                Street.Tick(Street.Now + Duration.FromSeconds(_random.Next(1, 110)));
            if (_random.Next(10) == 0 && Restarts)
                Street.Restart();
        }

        Street.MoveTo(Street.At(15 * quarter));
        foreach (var house in _houses)
        {
            if (house.RetiredAt is null)
                Measure(house, quarter);
            SendKept(house);
        }

        Street.Settle(Street.Now);
        Assert.False(Street.Metering.CorrectionsWait);
    }

    /// <summary>Each meter's energy is what its registers gained over the intervals in which it had a leaf.</summary>
    public void AssertTotals()
    {
        foreach (var house in _houses.Where(house => Street.Metering.Meters.Single(meter => meter.Meter == house.Meter).Kind != MeterKind.Transformer))
        {
            var leaves = LeavesOf(house);
            if (leaves.Length == 0 || house.First is not { } first)
                continue;
            var (at, import, export) = first;
            var last = leaves[^1];
            if (at < leaves[0].Start)
                continue;
            Assert.Equal(
                Sample.Energy(last.Leaf.Closing.Import.MilliwattHours - import, last.Leaf.Closing.Export.MilliwattHours - export),
                Street.Total(house.Meter));
            if (house.RetiredAt is null)
                Assert.Equal((house.Import, house.Export), (last.Leaf.Closing.Import.MilliwattHours, last.Leaf.Closing.Export.MilliwattHours));
        }
    }

    /// <summary>Each leaf begins where the one before it ended, unless the registers began anew in it.</summary>
    public void AssertChained()
    {
        foreach (var house in _houses)
        {
            var leaves = LeavesOf(house);
            for (var i = 1; i < leaves.Length; i++)
            {
                var (before, leaf) = (leaves[i - 1].Leaf, leaves[i].Leaf);
                Assert.Equal(leaves[i - 1].Start + Duration.FromMinutes(15), leaves[i].Start);
                if (before.Closing == default && before.Flags.HasFlag(LeafFlags.Estimated))
                    continue;
                var opening = leaf.Flags.HasFlag(LeafFlags.RegisterReset) ? default : before.Closing;
                Assert.Equal(
                    Sample.Energy(
                        leaf.Closing.Import.MilliwattHours - opening.Import.MilliwattHours,
                        leaf.Closing.Export.MilliwattHours - opening.Export.MilliwattHours),
                    leaf.Energy);
                Assert.Equal(before.Flags.HasFlag(LeafFlags.Estimated), leaf.Flags.HasFlag(LeafFlags.OpeningEstimated));
            }
        }
    }

    private (Instant Start, Leaf Leaf)[] LeavesOf(House house) =>
        [.. Street.Newest.Values
            .OrderBy(closing => closing.Interval.Start)
            .SelectMany(closing => closing.Leaves.Where(leaf => leaf.Meter == house.Meter).Select(leaf => (closing.Interval.Start, leaf)))];

    private int Skip(int quarters)
    {
        Street.MoveTo(Street.Now + Duration.FromMinutes(15 * quarters));
        return quarters;
    }

    private void Live(House house, int quarter)
    {
        if (quarter < house.From || house.RetiredAt is not null)
            return;
        if (_resets && house.First is not null && house.Kept.Count == 0 && _random.Next(40) == 0)
            Reset(house);
        Measure(house, quarter);
        if (quarter > 20 && _random.Next(120) == 0)
        {
            house.RetiredAt = Street.Now;
            Street.Retire(house.Meter, Street.Now);
        }

        house.Offline = _random.Next(12) == 0 ? !house.Offline : house.Offline;
        if (!house.Offline)
            SendKept(house);
    }

    private void Reset(House house)
    {
        Street.RecordChange(house.Meter);
        house.Boot++;
        (house.Import, house.Export) = (0, 0);
    }

    // One reading in ten is lost, and the next one says so.
    private void Measure(House house, int quarter)
    {
        house.Import += _random.Next(3) == 0 ? 0 : _random.Next(100_000);
        house.Export += _random.Next(2) == 0 ? 0 : _random.Next(50_000);
        var lost = _random.Next(10) == 0 && quarter < Quarters;
        if (lost)
        {
            house.Skipped++;
            return;
        }

        house.Kept.Enqueue(Street.Make(
            house.Meter, Street.At(15 * quarter), house.Import, house.Export, house.Skipped > 0 ? Lost : ReadingFlags.ClockSet, house.Boot, house.Skipped));
        house.Skipped = 0;
    }

    private void SendKept(House house)
    {
        while (house.Kept.TryDequeue(out var reading))
        {
            var (verdict, refused) = Street.Send(reading);
            Assert.True(verdict == ReadingVerdict.Accepted, $"{refused?.Reason}: {refused?.Detail}");
            house.First ??= (reading.Instant, reading.Registers.Import.MilliwattHours, reading.Registers.Export.MilliwattHours);
        }
    }

    private sealed class House(MeterId meter, int from)
    {
        public MeterId Meter { get; } = meter;

        public int From { get; } = from;

        public Queue<Reading> Kept { get; } = [];

        public (Instant At, long Import, long Export)? First { get; set; }

        public long Import { get; set; }

        public long Export { get; set; }

        public uint Boot { get; set; } = 1;

        public ulong Skipped { get; set; }

        public bool Offline { get; set; }

        public Instant? RetiredAt { get; set; }
    }
}
