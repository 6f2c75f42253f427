using System.Numerics;

namespace Busbar.Ledger.Chains;

/// <summary>How another chain is used.</summary>
public sealed record RemoteOptions
{
    /// <summary>The chain that is expected; null to take whichever answers.</summary>
    public ulong? ChainId { get; init; }

    /// <summary>How many blocks, its own among them, make a transaction final. Default 1; at least 1.</summary>
    public int Confirmations { get; init; } = 1;

    /// <summary>How often the chain is asked. Default 2 s.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a transaction may wait for a block before it is replaced by one that pays more. Default 1 min.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The most that a unit of gas may cost, in wei. Default 500 gwei.</summary>
    public BigInteger MostPerGas { get; init; } = 500_000_000_000;

    /// <summary>How long the chain may be out of reach before a call gives up. Default 5 min.</summary>
    public TimeSpan LongestOutage { get; init; } = TimeSpan.FromMinutes(5);
}
