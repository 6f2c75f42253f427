namespace Busbar.Ledger.Chains;

/// <summary>What a call would do if it were in the next block.</summary>
/// <param name="Succeeds">Whether it would pass.</param>
/// <param name="RevertData">What the contract would revert with; null when it passes or reverts without data.</param>
/// <param name="Words">The chain's own words when it would not pass.</param>
public sealed record CallPreview(bool Succeeds, ReadOnlyMemory<byte>? RevertData, string? Words);
