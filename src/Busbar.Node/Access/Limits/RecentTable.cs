using System.Diagnostics.CodeAnalysis;

namespace Busbar.Node.Access.Limits;

/// <summary>A table of bounded size: what was written longest ago makes room for the new. Not thread safe; its owner locks.</summary>
internal sealed class RecentTable<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _entries = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _order = [];

    public int Count => _entries.Count;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = _entries.TryGetValue(key, out var node);
        value = found ? node!.Value.Value : default;
        return found;
    }

    public void Put(TKey key, TValue value)
    {
        Remove(key);
        if (_entries.Count >= capacity)
            Remove(_order.First!.Value.Key);
        _entries.Add(key, _order.AddLast((key, value)));
    }

    public bool Remove(TKey key)
    {
        if (!_entries.Remove(key, out var node))
            return false;
        _order.Remove(node);
        return true;
    }
}
