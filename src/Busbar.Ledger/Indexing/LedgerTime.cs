using NodaTime;

namespace Busbar.Ledger.Indexing;

/// <summary>Times of the contracts: seconds since 1970, the greatest of which stands for "for ever".</summary>
public static class LedgerTime
{
    private static readonly ulong Last = (ulong)Instant.MaxValue.ToUnixTimeSeconds();

    /// <summary>The instant; what is beyond the last instant is that.</summary>
    /// <param name="seconds">As the contract has it.</param>
    public static Instant Of(ulong seconds) => Instant.FromUnixTimeSeconds((long)Math.Min(seconds, Last));
}
