using Busbar.Cryptography;

namespace Busbar.Ledger.Anchoring;

/// <summary>The index of blocks and of our contracts' events, as the store keeps it.</summary>
public interface IEventIndex
{
    /// <summary>The highest indexed block, or null.</summary>
    Task<IndexedBlock?> HeadAsync(CancellationToken cancellation);

    /// <summary>A block by its number, or null.</summary>
    Task<IndexedBlock?> BlockAsync(ulong number, CancellationToken cancellation);

    /// <summary>Blocks below a number (all when null), newest first, at most a limit.</summary>
    Task<IReadOnlyList<IndexedBlock>> BlocksAsync(ulong? below, int limit, CancellationToken cancellation);

    /// <summary>Events in order after a place on the chain, at most a limit; of one first topic when given.</summary>
    Task<IReadOnlyList<IndexedEvent>> EventsAsync(EventPlace after, Hash256? topic, int limit, CancellationToken cancellation);

    /// <summary>The highest blocks below a number (all when null) of which only the events are known, newest first, at most a limit.</summary>
    Task<IReadOnlyList<IndexedBlock>> BareBlocksAsync(ulong? below, int limit, CancellationToken cancellation);
}

/// <summary>A place on the chain, for reading on: (0, -1) is before everything.</summary>
/// <param name="Block">A block's number.</param>
/// <param name="LogIndex">The place among its logs.</param>
public readonly record struct EventPlace(ulong Block, int LogIndex)
{
    /// <summary>Before the first event.</summary>
    public static EventPlace Start => new(0, -1);
}
