using System.Diagnostics;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Contracts;
using NodaTime;
using Interval = Busbar.Domain.Metering.Interval;

namespace Busbar.Bench.Ledger;

/// <summary>Closing one interval of 10,000 meters: order, salts, tree, every proof, and the signed anchor.</summary>
public static class CloseBenchmark
{
    private const int Meters = 10_000;
    private const int Runs = 9;

    // What is hashed: the order's key and the salt of each meter, each leaf, each inner node.
    private static readonly (int Size, int Count)[] Hashed = [(66, Meters), (42, Meters), (151, Meters), (97, Meters - 1)];

    /// <summary>Gives what was measured, the median of nine runs, its unit and how many meters.</summary>
    public static IEnumerable<(string What, double Value, string Unit, long N)> Run()
    {
        var readings = Enumerable.Range(0, Meters).Select(Sample.Of).ToArray();
        using var key = PrivateKey.FromSeed("operator"u8);
        var close = Median(() => Close(readings, key));
        var limit = Median(HashOnly);
        yield return ("interval-10k", close, "ms", Meters);
        yield return ("keccak-of-the-same-bytes", limit, "ms", Meters);
        yield return ("over-hash-limit", close / limit, "ratio", Meters);
    }

    private static int Close(Sample[] readings, PrivateKey key)
    {
        var interval = new Interval(Instant.FromUtc(2026, 1, 1, 0, 0), IntervalLength.Default);
        var microgrid = new MicrogridId(1);
        var order = LeafOrder.Permute(Sample.Master, microgrid, interval, 1, [.. readings.Select(reading => reading.Meter)]);
        var leaves = new Leaf[order.Length];
        for (var i = 0; i < leaves.Length; i++)
        {
            var reading = readings[order[i]];
            leaves[i] = new(reading.Meter, reading.Registers, reading.Taken, LeafFlags.None, reading.Digest, reading.Secret.Salt(interval, 1));
        }

        var tree = MerkleSumTree.Build(leaves);
        var siblings = 0;
        for (var i = 0; i < leaves.Length; i++)
            siblings += tree.Prove(i).Siblings.Count;
        var sum = tree.Root.Sum;
        var input = new Anchors.AnchorInput(
            1,
            (ulong)interval.Start.ToUnixTimeSeconds(),
            1,
            tree.Root.Hash,
            Meters,
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

    private static double Median(Func<int> work)
    {
        // The first runs are the compiler's.
        for (var i = 0; i < Runs; i++)
            work();
        var times = new List<double>();
        for (var i = 0; i < Runs; i++)
        {
            var began = Stopwatch.GetTimestamp();
            work();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return times.Order().ElementAt(Runs / 2);
    }

    private sealed record Sample(MeterId Meter, MeterSecret Secret, Registers Registers, EnergySum Taken, Hash256 Digest)
    {
        public static Hash256 Master { get; } = Keccak256.Hash("master"u8);

        public static Sample Of(int number)
        {
            var hash = Keccak256.Hash(BitConverter.GetBytes(number));
            var meter = new MeterId(new Address(hash.ToArray().AsSpan(12)));
            return new(
                meter,
                MeterSecret.Derive(Master, meter),
                new Registers(MeterRegister.FromMilliwattHours(1_000_000L * number), MeterRegister.Zero),
                new EnergySum(Domain.Quantities.Energy.FromMilliwattHours(100_000 + number), Domain.Quantities.Energy.Zero),
                hash);
        }
    }
}
