namespace Busbar.Node.Access.Limits;

/// <summary>
/// Things that are given out and may come back once, within a time. The oldest make room when there are too many. Thread safe.
/// </summary>
internal sealed class SingleUse<T>(TimeProvider time, TimeSpan life, int capacity)
{
    private readonly Lock _lock = new();
    private readonly RecentTable<string, (T Value, DateTimeOffset Until)> _given = new(capacity);

    public TimeSpan Life => life;

    public void Give(string key, T value)
    {
        lock (_lock)
            _given.Put(key, (value, time.GetUtcNow() + life));
    }

    /// <summary>Takes it back; false when it was never given, has come back already, or is too old.</summary>
    public bool TryTake(string key, out T value)
    {
        lock (_lock)
        {
            value = default!;
            if (!_given.TryGet(key, out var entry))
                return false;
            _given.Remove(key);
            value = entry.Value;
            return time.GetUtcNow() < entry.Until;
        }
    }
}
