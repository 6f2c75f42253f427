namespace Busbar.Node.Access.Limits;

/// <summary>
/// Makes each try after the first free ones wait twice as long as the one before. A try counts when it begins, so that many at once
/// are no way around; a success forgets all. Keeps a bounded number of keys. Thread safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="free">How many tries go without waiting.</param>
/// <param name="most">The longest wait.</param>
/// <param name="capacity">How many keys are kept.</param>
internal sealed class GrowingDelays(TimeProvider time, int free, TimeSpan most, int capacity)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly RecentTable<string, (int Tries, DateTimeOffset Next, DateTimeOffset Last)> _tries = new(capacity);

    /// <summary>Begins a try; otherwise tells how long to wait, and the try does not count.</summary>
    public bool TryBegin(string key, out TimeSpan wait)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var (tries, next, last) = _tries.TryGet(key, out var known) ? known : (0, now, now);
            wait = next - now;
            if (wait > TimeSpan.Zero)
                return false;
            wait = TimeSpan.Zero;
            tries = now - last > Forgotten ? 1 : tries + 1;
            _tries.Put(key, (tries, now + DelayAfter(tries), now));
            return true;
        }
    }

    public void Succeeded(string key)
    {
        lock (_lock)
            _tries.Remove(key);
    }

    /// <summary>Takes one try back: it succeeded, but says nothing of the ones before it.</summary>
    public void Undo(string key)
    {
        lock (_lock)
        {
            if (_tries.TryGet(key, out var known))
                _tries.Put(key, (Math.Max(0, known.Tries - 1), known.Last, known.Last));
        }
    }

    private TimeSpan DelayAfter(int tries)
    {
        if (tries < free)
            return TimeSpan.Zero;
        var doublings = Math.Min(tries - free, 30);
        var delay = First * (1L << doublings);
        return delay < most ? delay : most;
    }
}
