using NodaTime;

namespace Busbar.Store.Notifications;

/// <summary>How much is kept and how much may wait.</summary>
public sealed record NotificationBounds
{
    /// <summary>How many deliveries may wait for one account; further ones fail at once, critical ones at twice that. Default 200.</summary>
    public int WaitingPerAccount { get; init; } = 200;

    /// <summary>How many may wait altogether; further ones fail at once, critical ones at twice that. Default 20,000.</summary>
    public int Waiting { get; init; } = 20_000;

    /// <summary>What happened longer ago is not told any more: an old ledger that is read again wakes nobody. Default 3 days.</summary>
    public Duration TellWithin { get; init; } = Duration.FromDays(3);

    /// <summary>How long what was told is remembered; longer than <see cref="TellWithin"/>, so that nothing is told twice. Default 90 days.</summary>
    public Duration KeepFor { get; init; } = Duration.FromDays(90);

    internal void Validate()
    {
        if (WaitingPerAccount < 1 || Waiting < WaitingPerAccount)
            throw new InvalidOperationException("at least one delivery may wait for an account, and as many altogether");
        if (TellWithin <= Duration.Zero || KeepFor < TellWithin + Duration.FromDays(2))
            throw new InvalidOperationException("what was told is kept for two days longer than it may be told");
    }
}
