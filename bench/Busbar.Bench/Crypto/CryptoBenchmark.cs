using System.Diagnostics;
using Busbar.Cryptography;

namespace Busbar.Bench.Crypto;

/// <summary>Signatures and hashes a second on one core: the limits under which intake and closing live.</summary>
public static class CryptoBenchmark
{
    private const int Runs = 5;
    private const int Messages = 64;
    private static readonly TimeSpan RunLength = TimeSpan.FromMilliseconds(250);

    /// <summary>Gives what was measured, the median of five runs, its unit and how often the work was done in all of them.</summary>
    public static IEnumerable<(string What, double Value, string Unit, long N)> Run()
    {
        var managed = new Signatures(new ManagedSecp256k1());
        var recoverManaged = Measure(managed.Recover);
        yield return ("recover-managed", recoverManaged.Rate, "1/s", recoverManaged.Count);
        var signManaged = Measure(managed.Sign);
        yield return ("sign-managed", signManaged.Rate, "1/s", signManaged.Count);

        if (NativeSecp256k1.TryLoad(out var library))
        {
            var native = new Signatures(library);
            var recoverNative = Measure(native.Recover);
            yield return ("recover-native", recoverNative.Rate, "1/s", recoverNative.Count);
            yield return ("of-native", recoverManaged.Rate / recoverNative.Rate, "x", recoverManaged.Count);
            var signNative = Measure(native.Sign);
            yield return ("sign-native", signNative.Rate, "1/s", signNative.Count);
        }

        var hash = Measure(HashChain);
        yield return ("keccak-32B", hash.Rate, "1/s", hash.Count);
    }

    private static int HashChain()
    {
        Span<byte> bytes = stackalloc byte[32];
        for (var i = 0; i < 1000; i++)
            Keccak256.Hash(bytes, bytes);
        return 1000;
    }

    private static (double Rate, long Count) Measure(Func<int> work)
    {
        // Until the second tier of the compiler has had its turn.
        _ = MeasureOnce(work);
        _ = MeasureOnce(work);
        var runs = Enumerable.Range(0, Runs).Select(_ => MeasureOnce(work)).ToArray();
        return (runs.Select(run => run.Rate).Order().ElementAt(Runs / 2), runs.Sum(run => run.Count));
    }

    private static (double Rate, long Count) MeasureOnce(Func<int> work)
    {
        long count = 0;
        var start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            count += work();
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < RunLength);
        return (count / elapsed.TotalSeconds, count);
    }

    private sealed class Signatures
    {
        private readonly ISecp256k1 _curve;
        private readonly byte[] _secret = Keccak256.Hash("bench"u8).ToArray();
        private readonly byte[][] _digests;
        private readonly byte[][] _proofs;
        private readonly int[] _recoveryIds;

        public Signatures(ISecp256k1 curve)
        {
            _curve = curve;
            _digests = [.. Enumerable.Range(0, Messages).Select(i => Keccak256.Hash(BitConverter.GetBytes(i)).ToArray())];
            _proofs = [.. _digests.Select(_ => new byte[64])];
            _recoveryIds = [.. _digests.Select((digest, i) => curve.Sign(_secret, digest, _proofs[i]))];
        }

        public int Recover()
        {
            Span<byte> publicKey = stackalloc byte[64];
            for (var i = 0; i < Messages; i++)
            {
                if (!_curve.TryRecover(_digests[i], _proofs[i], _recoveryIds[i], publicKey))
                    throw new InvalidOperationException("a signature of our own was refused");
                _ = Address.FromPublicKey(publicKey);
            }

            return Messages;
        }

        public int Sign()
        {
            Span<byte> proof = stackalloc byte[64];
            for (var i = 0; i < Messages; i++)
                _ = _curve.Sign(_secret, _digests[i], proof);
            return Messages;
        }
    }
}
