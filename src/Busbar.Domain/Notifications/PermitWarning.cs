using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Notifications;

/// <summary>What is known of premises when it is judged whether they are warned.</summary>
/// <param name="Of">Which.</param>
/// <param name="TripAfter">When their supply ends unless they pay.</param>
/// <param name="Owed">What they owe.</param>
public sealed record WarnedPremises(ToldPremises Of, Instant TripAfter, Coin Owed)
{
    /// <summary>
    /// Of premises that pay beforehand, each time that their money reached further ahead than it ever did afterwards, oldest first; empty
    /// for those that pay afterwards.
    /// </summary>
    public IReadOnlyList<PrepaidReach> Prepaid { get; init; } = [];
}

/// <summary>
/// Warns before the supply ends: 7 days, 3 days and 1 day before, prepaid premises 3 days and 1 day before. What was told is known by its
/// name, and so told once; a clock that passes two of them at once, or a node that was away, tells the nearest alone.
/// </summary>
public static class PermitWarning
{
    /// <summary>Nobody is warned earlier. 7 days.</summary>
    public static readonly Duration Earliest = Duration.FromDays(7);

    private static readonly int[] Billed = [1, 3, 7];
    private static readonly int[] Prepaid = [1, 3];

    // Prepaid money reaches a little further or less far with each day's use; that is not another occasion.
    private static readonly Duration Slack = Duration.FromDays(1);

    /// <summary>The warning that is to have been told by now; null when none is.</summary>
    /// <param name="premises">Premises that are neither protected nor in an emergency.</param>
    /// <param name="now">The moment.</param>
    public static Notification? Of(WarnedPremises premises, Instant now)
    {
        ArgumentNullException.ThrowIfNull(premises);
        var isPrepaid = premises.Prepaid.Count > 0;
        var left = premises.TripAfter - now;
        if (left <= Duration.Zero || (!isPrepaid && premises.Owed <= Coin.Zero))
            return null;
        foreach (var days in isPrepaid ? Prepaid : Billed)
        {
            if (left <= Duration.FromDays(days))
                return isPrepaid ? OfPrepaid(premises, days, left, now) : OfBilled(premises, days, left, now);
        }

        return null;
    }

    /// <summary>The occasion of prepaid premises that get down to so many days: when their money last reached clearly further.</summary>
    public static Instant Occasion(IReadOnlyList<PrepaidReach> prepaid, int days)
    {
        ArgumentNullException.ThrowIfNull(prepaid);
        return prepaid.LastOrDefault(reach => reach.Ahead > Duration.FromDays(days) + Slack, prepaid[0]).At;
    }

    private static Notification OfBilled(WarnedPremises premises, int days, Duration left, Instant now) => Notification.Of(
        NotificationMessage.PermitEnding, new NotificationScope.Premises(premises.Of.Premises),
        $"supply until {BillingCauses.Text(premises.TripAfter)}, {BillingCauses.Number(days)} days before", now,
        ("house", premises.Of.House), ("premises", premises.Of.Premises.ToString()), ("owed", BillingCauses.Wei(premises.Owed)),
        ("until", BillingCauses.Text(premises.TripAfter)), ("days", Whole(left)), ("currency", premises.Of.Currency ?? ""));

    private static Notification OfPrepaid(WarnedPremises premises, int days, Duration left, Instant now) => Notification.Of(
        NotificationMessage.PrepaidEnding, new NotificationScope.Premises(premises.Of.Premises),
        $"prepaid since {BillingCauses.Text(Occasion(premises.Prepaid, days))}, {BillingCauses.Number(days)} days before", now,
        ("house", premises.Of.House), ("premises", premises.Of.Premises.ToString()), ("until", BillingCauses.Text(premises.TripAfter)),
        ("days", Whole(left)));

    // What is left of a day counts as one.
    private static string Whole(Duration left) => BillingCauses.Number((long)Math.Ceiling(left.TotalDays));
}
