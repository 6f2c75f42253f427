using NodaTime;

namespace Busbar.Ledger.Indexing;

/// <summary>Times of the contracts: seconds since 1970, the greatest of which stands for "for ever".</summary>
internal static class LedgerTime
{
    private static readonly ulong Last = (ulong)Instant.MaxValue.ToUnixTimeSeconds();

    public static Instant Of(ulong seconds) => Instant.FromUnixTimeSeconds((long)Math.Min(seconds, Last));
}
