using Busbar.Cryptography;
using NodaTime;

namespace Busbar.Node.Market;

/// <summary>How a list of the board is ordered.</summary>
internal enum BoardOrder
{
    /// <summary>What is best for who looks: the cheapest advert, the demand that pays most.</summary>
    Price,

    /// <summary>Newest first.</summary>
    Newest,

    /// <summary>What is over soonest first.</summary>
    Ending,
}

/// <summary>Something on the board in its place of an order: by the key, then by the id.</summary>
/// <param name="Key">What is ordered by.</param>
/// <param name="Id">What the ledger names it by.</param>
/// <param name="Row">The thing itself.</param>
internal readonly record struct BoardPlace<T>(UInt128 Key, Hash256 Id, T Row) : IComparable<BoardPlace<T>>
{
    /// <inheritdoc />
    public int CompareTo(BoardPlace<T> other) => Key.CompareTo(other.Key) is var byKey and not 0 ? byKey : Id.CompareTo(other.Id);
}

/// <summary>
/// What is on the board, in order. Many pages ask for the same between two changes: an order is made once a second and change, whoever asks.
/// Safe for concurrent callers.
/// </summary>
/// <param name="all">The list as it is; another one after each change.</param>
/// <param name="id">What the ledger names a thing by.</param>
/// <param name="key">What a thing is ordered by, smallest first.</param>
internal sealed class BoardList<T>(Func<IReadOnlyList<T>> all, Func<T, Hash256> id, Func<T, BoardOrder, Instant, UInt128> key)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BoardOrder, Made> _made = [];

    /// <summary>Everything, in order as of an instant's whole second. Nobody changes the list.</summary>
    public IReadOnlyList<BoardPlace<T>> InOrder(BoardOrder order, Instant now)
    {
        var (rows, second) = (all(), now.ToUnixTimeSeconds());
        lock (_lock)
        {
            if (_made.TryGetValue(order, out var made) && ReferenceEquals(made.Rows, rows) && (made.Second == second || order != BoardOrder.Price))
                return made.Places;
        }

        var at = Instant.FromUnixTimeSeconds(second);
        var places = new BoardPlace<T>[rows.Count];
        for (var i = 0; i < places.Length; i++)
            places[i] = new(key(rows[i], order, at), id(rows[i]), rows[i]);
        Array.Sort(places);
        lock (_lock)
            _made[order] = new(rows, second, places);
        return places;
    }

    /// <summary>What comes after a place that may have been left since.</summary>
    public static IEnumerable<BoardPlace<T>> After(IReadOnlyList<BoardPlace<T>> places, UInt128 key, Hash256 id)
    {
        var (low, high) = (0, places.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (places[middle].CompareTo(new(key, id, places[middle].Row)) <= 0)
                low = middle + 1;
            else
                high = middle;
        }

        for (var i = low; i < places.Count; i++)
            yield return places[i];
    }

    private sealed record Made(IReadOnlyList<T> Rows, long Second, BoardPlace<T>[] Places);
}
