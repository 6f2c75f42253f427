using System.Numerics;

namespace Busbar.Device.Chain;

/// <summary>How a device sends transactions.</summary>
public sealed record RawSenderOptions
{
    /// <summary>The folder in which what is signed is kept until it is in a block.</summary>
    public required string Folder { get; init; }

    /// <summary>The chain that it trades on; a node of another one is refused.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>The most that a unit of gas may cost, wei. Default 500 gwei.</summary>
    public BigInteger MostPerGas { get; init; } = new(500_000_000_000);

    /// <summary>How often it looks whether a transaction is in a block. Default 1 s.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it waits for a block, and for a node that does not answer. Default 2 minutes.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>What a transaction is to do.</summary>
/// <param name="To">The contract.</param>
/// <param name="Value">What is sent along, wei.</param>
/// <param name="Data">The call.</param>
public sealed record RawCall(Cryptography.Address To, BigInteger Value, ReadOnlyMemory<byte> Data);
