using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Ledger.Engine;

/// <summary>How the engine is run.</summary>
public sealed record EngineOptions
{
    /// <summary>Where snapshots and the process's number are kept; made when missing; one node at a time.</summary>
    public required string Folder { get; init; }

    /// <summary>The chain's EIP-155 number. Another one than the journal's is refused.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>The first block's time, whole seconds; used when the journal is new.</summary>
    public required Instant GenesisTime { get; init; }

    /// <summary>The Anvil binary; null: the environment's BUSBAR_ANVIL, else the npm package beside the program.</summary>
    public string? BinaryPath { get; init; }

    /// <summary>The loopback port; null: a free one from 20000 to 32767.</summary>
    public int? Port { get; init; }

    /// <summary>The rules of the EVM; used when the journal is new. Default <c>prague</c>, for which the contracts are compiled.</summary>
    public string Hardfork { get; init; } = "prague";

    /// <summary>The most gas of a block; used when the journal is new. Default 100 million.</summary>
    public ulong BlockGasLimit { get; init; } = 100_000_000;

    /// <summary>Who has how much Ether before the first block; used when the journal is new. Default: nobody.</summary>
    public IReadOnlyDictionary<Address, Coin> Allotted { get; init; } = new Dictionary<Address, Coin>();

    /// <summary>A snapshot is made after so many blocks at the latest. Default 2,000.</summary>
    public int SnapshotBlocks { get; init; } = 2_000;

    /// <summary>
    /// A snapshot is made when the blocks since the last one took so long to mine, because replaying them takes as long.
    /// Default 4 s.
    /// </summary>
    public Duration SnapshotWork { get; init; } = Duration.FromSeconds(4);

    /// <summary>
    /// The lowest block whose events are still to be read, or null when all have been: an older snapshot is taken then, since
    /// a snapshot holds the newest blocks only.
    /// </summary>
    public ulong? EventsFrom { get; init; }
}
