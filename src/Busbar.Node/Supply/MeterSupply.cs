using Busbar.Domain.Supply;
using NodaTime;

namespace Busbar.Node.Supply;

/// <summary>What a node knows of one meter's supply. Not thread safe.</summary>
internal sealed class MeterSupply
{
    /// <summary>How long a meter that is online may take to follow.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private long? _waitingSince;
    private long _saidAt;
    private TimeSpan _pause = FirstPause;

    /// <summary>The newest permit; null when there is none yet.</summary>
    public SignedPermit? Permit { get; private set; }

    /// <summary>The highest sequence number that the meter is known to hold.</summary>
    public ulong Held { get; set; }

    /// <summary>The trips that operators commanded.</summary>
    public SupplyFlags Trips { get; set; }

    /// <summary>What the meter told last of its relay; null when it told nothing.</summary>
    public SupplyTold? Told { get; set; }

    /// <summary>Whether somebody was told that the meter does not follow.</summary>
    public bool IsAlarmed { get; set; }

    /// <summary>A new permit is said now.</summary>
    public void Say(SignedPermit permit, long now)
    {
        Permit = permit;
        (_saidAt, _pause, _waitingSince) = (now, FirstPause, null);
    }

    /// <summary>Looks how far the meter is.</summary>
    /// <param name="isOnline">Whether it has a connection.</param>
    /// <param name="now">The time.</param>
    /// <param name="time">For patience.</param>
    /// <param name="repeat">Whether who looks would say the permit again.</param>
    /// <param name="mustRepeat">Whether it is to be said again now; then it counts as said.</param>
    public SupplyStatus Look(bool isOnline, Instant now, TimeProvider time, bool repeat, out bool mustRepeat)
    {
        mustRepeat = false;
        if (Permit is not { Permit: var permit })
            return SupplyStatus.None;
        if (!isOnline)
        {
            _waitingSince = null;
            return SupplyStatus.Unacknowledged;
        }

        if (Told is not { Relay: not null })
            return SupplyStatus.NoRelay;
        if (IsFollowed(permit, now))
        {
            _waitingSince = null;
            _pause = FirstPause;
            return SupplyStatus.Followed;
        }

        _waitingSince ??= time.GetTimestamp();
        if (repeat && time.GetElapsedTime(_saidAt) >= _pause)
        {
            mustRepeat = true;
            _saidAt = time.GetTimestamp();
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        }

        return time.GetElapsedTime(_waitingSince.Value) >= Patience ? SupplyStatus.Late : SupplyStatus.Waiting;
    }

    // A relay that was open when quiet hours began stays open in them, so what the meter says of itself counts where the rule leaves a choice.
    private bool IsFollowed(SupplyPermit permit, Instant now)
    {
        if (Told!.Permit != permit.Sequence)
            return false;
        if (Told.SupplyReason == SupplyReason.LocalTrip)
            return Told.Relay == RelayState.Open;
        var isTripped = Told is { SupplyReason: SupplyReason.PermitEnded, Relay: RelayState.Open };
        return Told.Relay == SupplyRule.Decide(new(permit, now) { TrippedUnder = isTripped ? permit.Sequence : null }).Relay;
    }
}
