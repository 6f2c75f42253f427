using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Busbar.Node.Rpc;

/// <summary>
/// How much each client address may ask: a bucket of tokens that refills steadily. Only so many addresses are remembered; when
/// there are more, the newcomers share one bucket, so that many addresses are no way around the limit. Safe for concurrent
/// callers.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="burst">The most tokens that an address can have saved.</param>
/// <param name="perSecond">How many come back each second.</param>
/// <param name="mostAddresses">How many addresses are told apart.</param>
internal sealed class RpcRate(TimeProvider time, int burst = 400, int perSecond = 80, int mostAddresses = 4_096)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, Bucket> _buckets = [];
    private readonly Bucket _shared = new(burst, time.GetTimestamp());
    private long _lastSweep = time.GetTimestamp();

    public int Addresses
    {
        get
        {
            lock (_lock)
                return _buckets.Count;
        }
    }

    /// <summary>Takes tokens; false, and how long until there are enough, where there are too few.</summary>
    public bool TryTake(IPAddress address, int cost, out TimeSpan wait)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var bucket = BucketOf(KeyOf(address), now);
            Refill(bucket, now);
            var missing = Math.Min(cost, burst) - bucket.Tokens;
            wait = missing <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(missing / perSecond);
            if (missing > 0)
                return false;
            bucket.Tokens -= cost;
            return true;
        }
    }

    private Bucket BucketOf(UInt128 key, long now)
    {
        if (_buckets.TryGetValue(key, out var known))
            return known;
        if (_buckets.Count >= mostAddresses)
            Sweep(now);
        if (_buckets.Count >= mostAddresses)
            return _shared;
        return _buckets[key] = new(burst, now);
    }

    // Who has a full bucket again is like one who was never here. Once a second is enough, and keeps a flood of addresses cheap.
    private void Sweep(long now)
    {
        if (time.GetElapsedTime(_lastSweep, now) < TimeSpan.FromSeconds(1))
            return;
        _lastSweep = now;
        foreach (var (key, bucket) in _buckets)
        {
            Refill(bucket, now);
            if (bucket.Tokens >= burst)
                _buckets.Remove(key);
        }
    }

    private void Refill(Bucket bucket, long now)
    {
        bucket.Tokens = Math.Min(burst, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond));
        bucket.At = now;
    }

    // One home has a whole /64 of IPv6, so that counts as one address.
    private static UInt128 KeyOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        plain.TryWriteBytes(bytes, out _);
        if (plain.AddressFamily == AddressFamily.InterNetwork)
            bytes[15] = 4;
        else if (!IPAddress.IsLoopback(plain))
            bytes[8..].Clear();
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private sealed class Bucket(double tokens, long at)
    {
        public double Tokens { get; set; } = tokens;

        public long At { get; set; } = at;
    }
}
