using Busbar.Domain.Channels;
using NodaTime;

namespace Busbar.Node.Channels;

/// <summary>When a payee's node closes a channel, and when it tries again.</summary>
internal static class ClosingPlan
{
    /// <summary>The first pause after an attempt that came to nothing; each further one is twice as long.</summary>
    public static readonly Duration FirstPause = Duration.FromMinutes(1);

    /// <summary>The longest pause: 48 attempts fit into the grace.</summary>
    public static readonly Duration LongestPause = Duration.FromMinutes(30);

    /// <summary>So long before the last moment the warning becomes an alarm.</summary>
    public static readonly Duration Alarm = Duration.FromHours(6);

    /// <summary>How long the meters' last reports are waited for after the end: once it is closed, nothing of them is taken off a bill.</summary>
    public static readonly Duration ReportPatience = Duration.FromMinutes(10);

    /// <summary>How long a voucher is kept after the last moment, for a chain that goes back.</summary>
    public static readonly Duration KeptAfter = Duration.FromDays(1);

    /// <summary>
    /// Whether a channel is to be closed now: as soon as it has ended, because nothing is delivered any more and the grace is for what goes
    /// wrong; up to the last second in which the ledger takes it.
    /// </summary>
    public static bool IsDue(OpenChannel channel, Instant now) => now >= channel.End && now <= channel.LastClosing;

    /// <summary>The pause after so many attempts, 1 or more, that came to nothing.</summary>
    public static Duration Pause(int attempts) =>
        attempts > 5 ? LongestPause : Duration.Min(LongestPause, FirstPause * (1L << (attempts - 1)));
}
