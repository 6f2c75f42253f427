using System.Diagnostics;
using Busbar.Bench.Running;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Contracts;
using NodaTime;

namespace Busbar.Bench.Ledger;

/// <summary>
/// Closing an interval of 10,000 meters whose readings are in: the microgrid's own tick, with order, salts, leaves and tree; every
/// meter's proof; the anchor's transaction, signed.
/// </summary>
public static class CloseBenchmark
{
    private const int Meters = 10_000;
    private const int Runs = 9;

    // What is hashed: the order's key and the salt of each meter, each leaf, each inner node.
    private static readonly (int Size, int Count)[] Hashed = [(66, Meters), (42, Meters), (151, Meters), (97, Meters - 1)];

    /// <summary>Gives what was measured, the median of nine runs, its unit and how many intervals.</summary>
    public static IEnumerable<(string What, double Value, string Unit, long N)> Run()
    {
        var microgrid = new SampleMicrogrid(Meters);
        using var key = PrivateKey.FromSeed("operator"u8);
        var close = new List<double>();
        var limit = new List<double>();
        // The first runs are the compiler's.
        for (var run = -Runs; run < Runs; run++)
        {
            var now = microgrid.ReadAll();
            var closing = Time(() => Close(microgrid.Metering, now, key));
            var hashing = Time(HashOnly);
            if (run < 0)
                continue;
            close.Add(closing);
            limit.Add(hashing);
        }

        yield return ("interval-10k", Median.Of(close), "ms", Runs);
        yield return ("keccak-of-the-same-bytes", Median.Of(limit), "ms", Runs);
        yield return ("over-hash-limit", Median.Of(close.Zip(limit, static (ours, bare) => ours / bare)), "x", Runs);
    }

    private static int Close(MicrogridMetering metering, Instant now, PrivateKey key)
    {
        var closing = metering.Tick(now).Single();
        var siblings = 0;
        for (var i = 0; i < closing.Leaves.Count; i++)
            siblings += closing.Tree.Prove(i).Siblings.Count;
        var sum = closing.Tree.Root.Sum;
        var input = new Anchors.AnchorInput(
            1,
            (ulong)closing.Interval.Start.ToUnixTimeSeconds(),
            1,
            closing.Tree.Root.Hash,
            (uint)closing.Leaves.Count,
            (ulong)sum.Import.MilliwattHours,
            (ulong)sum.Export.MilliwattHours,
            []);
        var transaction = new Transaction { ChainId = 1, GasLimit = 200_000, To = key.Address, Data = Anchors.EncodeAnchor([input]) };
        return siblings + transaction.Sign(key).Raw.Length;
    }

    private static int HashOnly()
    {
        Span<byte> form = stackalloc byte[151];
        form.Clear();
        Span<byte> hash = stackalloc byte[32];
        foreach (var (size, count) in Hashed)
        {
            for (var i = 0; i < count; i++)
            {
                Keccak256.Hash(form[..size], hash);
                form[0] = hash[0];
            }
        }

        return hash[0];
    }

    private static double Time(Func<int> work)
    {
        var began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    /// <summary>A microgrid whose meters all read at each quarter hour.</summary>
    private sealed class SampleMicrogrid
    {
        private static readonly Instant Start = Instant.FromUtc(2026, 1, 1, 0, 0);

        private readonly MeterId[] _meters;
        private int _quarter;

        public SampleMicrogrid(int meters)
        {
            var microgrid = new MicrogridId(1);
            Metering = new(microgrid, Keccak256.Hash("master"u8), new MeteringRules());
            _meters = [.. Enumerable.Range(0, meters).Select(number => new MeterId(new Address(Keccak256.Hash(BitConverter.GetBytes(number)).ToArray().AsSpan(12))))];
            foreach (var meter in _meters)
                Metering.Register(new(meter, MeterKind.Premises, Commodity.Electricity, microgrid, default, default, default, Start, RetiredAt: null));
            ReadAll();
        }

        public MicrogridMetering Metering { get; }

        /// <summary>Brings in the next reading of every meter, as the actor does when it has believed it.</summary>
        /// <returns>Its instant: the end of the interval that may now be closed.</returns>
        public Instant ReadAll()
        {
            var instant = Start + Duration.FromMinutes(15L * _quarter);
            for (var number = 0; number < _meters.Length; number++)
            {
                var registers = new Registers(MeterRegister.FromMilliwattHours((100_000L + number) * _quarter), MeterRegister.Zero);
                var reading = new Reading(_meters[number], 1, (ulong)_quarter + 1, instant, registers, default, ReadingFlags.ClockSet);
                Metering.ApplyAccepted(new(reading, default), Keccak256.Hash(BitConverter.GetBytes(number + _quarter)));
            }

            _quarter++;
            return instant;
        }
    }
}
