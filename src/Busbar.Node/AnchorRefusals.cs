using Busbar.Ledger.Anchoring;
using Microsoft.Extensions.Logging;

namespace Busbar.Node;

/// <summary>Tells in the log what the contract refuses: for good each time, what only waits when it is something new.</summary>
internal sealed partial class AnchorRefusals(Action<AnchorFailure> refused, ILogger<AnchorRefusals> logger) : IProgress<SettleResult>
{
    private const int MostKept = 20;

    private IReadOnlyList<AnchorFailure> _told = [];
    private volatile IReadOnlyList<AnchorFailure> _newest = [];

    /// <summary>What the contract has refused for good since the start, newest first; the last few.</summary>
    public IReadOnlyList<AnchorFailure> Newest => _newest;

    public void Report(SettleResult value)
    {
        foreach (var failure in value.Failures)
        {
            var (key, reason) = failure;
            LogRefused(key.Microgrid.Number, key.Interval.ToString(), key.Version, reason);
            _newest = [failure, .. _newest.Take(MostKept - 1)];
            refused(failure);
        }

        foreach (var (key, reason) in value.Blocked.Except(_told))
            LogBlocked(key.Microgrid.Number, key.Interval.ToString(), key.Version, reason);
        _told = value.Blocked;
    }

    [LoggerMessage(1221, LogLevel.Error,
        "The contract refused microgrid {Microgrid}, interval {Interval}, version {Version}: {Reason}. Node and ledger disagree; look at the ledger")]
    private partial void LogRefused(uint microgrid, string interval, int version, string reason);

    [LoggerMessage(1222, LogLevel.Warning, "Microgrid {Microgrid}, interval {Interval}, version {Version} waits, for the contract says: {Reason}")]
    private partial void LogBlocked(uint microgrid, string interval, int version, string reason);
}
