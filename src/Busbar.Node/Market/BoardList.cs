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

/// <summary>A place in an order: by the key, then by the id.</summary>
/// <param name="Key">What is ordered by.</param>
/// <param name="Id">What the ledger names the thing there by.</param>
internal readonly record struct BoardPlace(UInt128 Key, Hash256 Id) : IComparable<BoardPlace>
{
    /// <inheritdoc />
    public int CompareTo(BoardPlace other) => Key.CompareTo(other.Key) is var byKey and not 0 ? byKey : Id.CompareTo(other.Id);
}

/// <summary>
/// What is on the board, in order. Prices rise by themselves, so that no order is kept: each page is picked out of all in one pass.
/// </summary>
/// <param name="all">The list as it is.</param>
/// <param name="id">What the ledger names a thing by.</param>
/// <param name="key">What a thing is ordered by, smallest first.</param>
internal sealed class BoardList<T>(IReadOnlyList<T> all, Func<T, Hash256> id, Func<T, BoardOrder, Instant, UInt128> key)
    where T : class
{
    private static readonly Comparer<BoardPlace> LastFirst = Comparer<BoardPlace>.Create((one, other) => other.CompareTo(one));

    /// <summary>The first things of an order with their places.</summary>
    /// <param name="order">Which.</param>
    /// <param name="now">Tells prices; whole seconds count.</param>
    /// <param name="after">A place that they come after, and that may have been left since; null for the beginning.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="isWanted">Whether a thing counts.</param>
    public IReadOnlyList<(BoardPlace Place, T Row)> First(BoardOrder order, Instant now, BoardPlace? after, int most, Func<T, bool> isWanted)
    {
        var at = Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        var best = new PriorityQueue<T, BoardPlace>(most, LastFirst);
        for (var i = 0; i < all.Count; i++)
        {
            // The list is oldest first: where the newest are wanted, they come first, and the rest never gets in.
            var row = all[order == BoardOrder.Newest ? all.Count - 1 - i : i];
            var place = new BoardPlace(key(row, order, at), id(row));
            if (after is { } last && place.CompareTo(last) <= 0)
                continue;
            var isFull = best.Count == most;
            if (isFull && best.TryPeek(out _, out var worst) && place.CompareTo(worst) >= 0)
                continue;
            if (!isWanted(row))
                continue;
            if (isFull)
                best.DequeueEnqueue(row, place);
            else
                best.Enqueue(row, place);
        }

        return [.. best.UnorderedItems.Select(one => (one.Priority, one.Element)).OrderBy(one => one.Priority)];
    }
}
