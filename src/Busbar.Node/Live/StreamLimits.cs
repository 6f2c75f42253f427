namespace Busbar.Node.Live;

/// <summary>
/// How many event streams are open at once, so that one client or account cannot take all of the node's connections. Thread safe.
/// </summary>
/// <param name="mostOfAClient">The most of one client's address.</param>
/// <param name="mostOfAnAccount">The most of one account, over all its devices.</param>
internal sealed class StreamLimits(int mostOfAClient = 200, int mostOfAnAccount = 50)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <summary>The streams that are open.</summary>
    public int Open { get; private set; }

    /// <summary>Counts a stream in until what it gives is disposed of; null when there are too many already.</summary>
    public IDisposable? TryEnter(string client, string? account)
    {
        (string Key, int Most)[] places = account is null
            ? [($"client {client}", mostOfAClient)]
            : [($"client {client}", mostOfAClient), ($"account {account}", mostOfAnAccount)];
        lock (_lock)
        {
            if (Array.Exists(places, place => _open.GetValueOrDefault(place.Key) >= place.Most))
                return null;
            foreach (var (key, _) in places)
                _open[key] = _open.GetValueOrDefault(key) + 1;
            Open++;
        }

        return new Entered(this, [.. places.Select(place => place.Key)]);
    }

    private void Leave(IReadOnlyList<string> keys)
    {
        lock (_lock)
        {
            Open--;
            foreach (var key in keys)
            {
                if (--_open[key] == 0)
                    _open.Remove(key);
            }
        }
    }

    private sealed class Entered(StreamLimits limits, IReadOnlyList<string> keys) : IDisposable
    {
        public void Dispose() => limits.Leave(keys);
    }
}
