namespace Busbar.Node.Access.Limits;

/// <summary>So many at once, and one more after each pause, for each key. Keeps a bounded number of keys. Thread safe.</summary>
/// <param name="time">The clock.</param>
/// <param name="burst">How many at once.</param>
/// <param name="pause">After how long one more.</param>
/// <param name="capacity">How many keys are kept.</param>
internal sealed class RateBuckets(TimeProvider time, int burst, TimeSpan pause, int capacity)
{
    private readonly Lock _lock = new();

    // When the bucket is full again: later by one pause for each taken, never further than the whole bucket away.
    private readonly RecentTable<string, DateTimeOffset> _fullAt = new(capacity);

    public bool TryTake(string key, out TimeSpan wait)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var full = _fullAt.TryGet(key, out var at) && at > now ? at : now;
            wait = full + pause - now - (pause * burst);
            if (wait > TimeSpan.Zero)
                return false;
            wait = TimeSpan.Zero;
            _fullAt.Put(key, full + pause);
            return true;
        }
    }
}
