using System.Diagnostics;
using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Bench.Channels;

/// <summary>
/// Vouchers made by a payer and checked by a payee as a desk checks them, a second on one core; the disk is not in it. Held against the bare
/// recovery of a signature, without which no voucher can be checked.
/// </summary>
public static class VouchersBenchmark
{
    private const int Runs = 5;
    private const int Vouchers = 256;
    private static readonly TimeSpan RunLength = TimeSpan.FromMilliseconds(500);

    /// <summary>Gives what was measured, the median of five runs, its unit and how often the work was done in all of them.</summary>
    public static IEnumerable<(string What, double Value, string Unit, long N)> Run()
    {
        var pair = new Pair();
        var both = Measure(pair.MakeAndCheck);
        yield return ("made-and-checked", both.Rate, "1/s", both.Count);
        var made = Measure(pair.Make);
        yield return ("made", made.Rate, "1/s", made.Count);
        var @checked = Measure(pair.Check);
        yield return ("checked", @checked.Rate, "1/s", @checked.Count);
        var recovered = Measure(pair.Recover);
        yield return ("recover-alone", recovered.Rate, "1/s", recovered.Count);
        yield return ("checked-of-recover", @checked.Rate / recovered.Rate, "x", @checked.Count);
    }

    private static (double Rate, long Count) Measure(Action work)
    {
        // Until the second tier of the compiler has had its turn.
        _ = MeasureOnce(work);
        _ = MeasureOnce(work);
        var runs = Enumerable.Range(0, Runs).Select(_ => MeasureOnce(work)).ToArray();
        return (runs.Select(run => run.Rate).Order().ElementAt(Runs / 2), runs.Sum(run => run.Count));
    }

    private static (double Rate, long Count) MeasureOnce(Action work)
    {
        long count = 0;
        var start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            work();
            count += Vouchers;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < RunLength);
        return (count / elapsed.TotalSeconds, count);
    }

    private sealed class Pair
    {
        private static readonly Instant Opened = Instant.FromUtc(2026, 1, 1, 0, 0);

        private readonly PrivateKey _payer = PrivateKey.FromSeed("payer"u8);
        private readonly ChannelDomain _domain;
        private readonly OpenChannel _channel;
        private readonly SignedVoucher[] _signed;
        private readonly Hash256[] _digests;

        public Pair()
        {
            var other = PrivateKey.FromSeed("payee"u8).Address;
            _domain = new(31337, other);
            var terms = new ChannelTerms(_payer.Address, other, _payer.Address, Price.FromWeiPerKilowattHour(100_000_000_000_000_000), Opened);
            _channel = new(terms, Coin.FromCoins(1), Opened + Duration.FromHours(6));
            _signed = [.. Enumerable.Range(0, Vouchers).Select(Sign)];
            _digests = [.. _signed.Select(signed => signed.Voucher.Digest(_domain))];
        }

        public void MakeAndCheck()
        {
            Voucher? best = null;
            for (var i = 0; i < Vouchers; i++)
            {
                var signed = Sign(i);
                Require(BlockRule.Check(_channel, signed, best, _domain, Opened) is null);
                best = signed.Voucher;
            }
        }

        public void Make()
        {
            for (var i = 0; i < Vouchers; i++)
                _ = Sign(i);
        }

        public void Check()
        {
            Voucher? best = null;
            foreach (var signed in _signed)
            {
                Require(BlockRule.Check(_channel, signed, best, _domain, Opened) is null);
                best = signed.Voucher;
            }
        }

        public void Recover()
        {
            for (var i = 0; i < Vouchers; i++)
                Require(Secp256k1.TryRecover(_digests[i], _signed[i].Signature, out _));
        }

        private static void Require(bool holds)
        {
            if (!holds)
                throw new InvalidOperationException("a voucher of our own was refused");
        }

        private SignedVoucher Sign(int number)
        {
            var energy = Energy.FromMilliwattHours(10_000L * (number + 1));
            return SignedVoucher.Sign(new(_channel.Id, _channel.Terms.Price.CostFloor(energy), energy), _domain, _payer);
        }
    }
}
