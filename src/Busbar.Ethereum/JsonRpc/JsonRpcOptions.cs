namespace Busbar.Ethereum.JsonRpc;

/// <summary>Limits of a <see cref="JsonRpcClient"/>.</summary>
public sealed record JsonRpcOptions
{
    /// <summary>How long one HTTP exchange may take. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest answer taken, in bytes. Default 64 MiB.</summary>
    public int MaximumResponseLength { get; init; } = 64 << 20;

    /// <summary>The most requests in one HTTP exchange; a longer batch is sent in several, one after the other. Default 500.</summary>
    public int MaximumBatch { get; init; } = 500;
}
