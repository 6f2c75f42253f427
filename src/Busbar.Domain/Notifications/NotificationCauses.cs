using System.Globalization;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Notifications;

/// <summary>Makes notifications of what happened. The same happening gives the same notification, however often it is found.</summary>
public static class NotificationCauses
{
    /// <summary>A meter has said nothing for a while. There is one for each last accepted reading, and so at most one in a silence.</summary>
    /// <param name="meter">Which.</param>
    /// <param name="name">Its name, for people.</param>
    /// <param name="scope">Whose it is: a premises, a participant, or the community's own.</param>
    /// <param name="lastReading">The instant of its last accepted reading; null when there is none.</param>
    /// <param name="lastSeen">When anything was last heard of it.</param>
    /// <param name="now">The moment.</param>
    public static Notification MeterSilent(
        MeterId meter, string name, NotificationScope scope, Instant? lastReading, Instant lastSeen, Instant now) => Notification.Of(
        NotificationMessage.MeterSilent, scope, SilenceOf(meter, lastReading), now,
        ("meter", name), ("minutes", Number((long)(now - lastSeen).TotalMinutes)), ("since", Text(lastSeen)));

    /// <summary>A silent meter is heard again: one for each silence that was told.</summary>
    /// <param name="meter">Which.</param>
    /// <param name="name">Its name, for people.</param>
    /// <param name="scope">Whose it is.</param>
    /// <param name="lastReading">The last accepted reading before the silence.</param>
    /// <param name="heard">When it was heard.</param>
    public static Notification MeterHeard(MeterId meter, string name, NotificationScope scope, Instant? lastReading, Instant heard) =>
        Notification.Of(NotificationMessage.MeterHeard, scope, SilenceOf(meter, lastReading), heard, ("meter", name), ("heard", Text(heard)));

    /// <summary>A reading was refused: at most one for each meter and hour (UTC), the first one found.</summary>
    /// <param name="meter">Which meter, as the topic says.</param>
    /// <param name="name">Its name, for people.</param>
    /// <param name="scope">Whose it is.</param>
    /// <param name="refused">Why.</param>
    /// <param name="at">When it came.</param>
    public static Notification ReadingRefused(MeterId meter, string name, NotificationScope scope, ReadingRefused refused, Instant at)
    {
        ArgumentNullException.ThrowIfNull(refused);
        return Notification.Of(
            NotificationMessage.ReadingRefused, scope, $"meter {meter} hour {Number(at.ToUnixTimeSeconds() / 3600)}", at,
            ("meter", name), ("reason", refused.Reason), ("detail", refused.Detail), ("time", Text(at)));
    }

    /// <summary>A meter that is online does not follow its permit: at most one for each permit.</summary>
    /// <param name="meter">Which.</param>
    /// <param name="name">Its name, for people.</param>
    /// <param name="scope">Whose it is.</param>
    /// <param name="permit">The permit's sequence number.</param>
    /// <param name="relay">What the relay reads back.</param>
    /// <param name="reason">The meter's own reason.</param>
    /// <param name="at">When patience was over.</param>
    public static Notification RelayNotFollowing(
        MeterId meter, string name, NotificationScope scope, ulong permit, string relay, string reason, Instant at) => Notification.Of(
        NotificationMessage.RelayNotFollowing, scope, string.Create(CultureInfo.InvariantCulture, $"meter {meter} permit {permit}"), at,
        ("meter", name), ("permit", permit.ToString(CultureInfo.InvariantCulture)), ("relay", relay), ("reason", reason), ("time", Text(at)));

    /// <summary>The ledger refused an interval's anchor.</summary>
    /// <param name="microgrid">Whose.</param>
    /// <param name="name">The microgrid's name, for people.</param>
    /// <param name="start">The interval's start.</param>
    /// <param name="version">Which version.</param>
    /// <param name="reason">What the contract said.</param>
    /// <param name="at">When it was refused.</param>
    public static Notification AnchorFailed(MicrogridId microgrid, string name, Instant start, int version, string reason, Instant at) =>
        Notification.Of(
            NotificationMessage.AnchorFailed, new NotificationScope.Microgrid(microgrid),
            $"anchor {microgrid} {Number(start.ToUnixTimeSeconds())} {Number(version)}", at,
            ("microgrid", name), ("start", Text(start)), ("version", Number(version)), ("reason", reason));

    /// <summary>A rule has changed.</summary>
    /// <param name="scope">Where it holds: the community or a microgrid.</param>
    /// <param name="rule">Its name.</param>
    /// <param name="value">Its new value, for people.</param>
    /// <param name="from">From when it holds.</param>
    /// <param name="place">The event on the ledger.</param>
    public static Notification RuleChanged(NotificationScope scope, string rule, string value, Instant from, LedgerPlace place) =>
        Notification.Of(NotificationMessage.RuleChanged, scope, place.ToString(), from, ("rule", rule), ("value", value), ("from", Text(from)));

    /// <summary>A rule was proposed.</summary>
    /// <param name="scope">Where it would hold.</param>
    /// <param name="rule">Its name.</param>
    /// <param name="value">Its proposed value, for people.</param>
    /// <param name="until">When the vote ends.</param>
    /// <param name="at">When it was proposed.</param>
    /// <param name="place">The event on the ledger.</param>
    public static Notification RuleProposed(NotificationScope scope, string rule, string value, Instant until, Instant at, LedgerPlace place) =>
        Notification.Of(NotificationMessage.RuleProposed, scope, place.ToString(), at, ("rule", rule), ("value", value), ("until", Text(until)));

    /// <summary>Somebody's membership changed.</summary>
    /// <param name="change">What was done.</param>
    /// <param name="participant">Whose.</param>
    /// <param name="name">The member's name, or its address.</param>
    /// <param name="role">The role that it has now; of no account when it was removed.</param>
    /// <param name="at">When.</param>
    /// <param name="place">The event on the ledger.</param>
    public static Notification Membership(
        MembershipChange change, Cryptography.Address participant, string name, string role, Instant at, LedgerPlace place)
    {
        var scope = new NotificationScope.Participant(participant);
        return change switch
        {
            MembershipChange.Admitted => Notification.Of(
                NotificationMessage.MemberAdmitted, scope, place.ToString(), at, ("member", name), ("role", role)),
            MembershipChange.RoleChanged => Notification.Of(
                NotificationMessage.MemberChanged, scope, place.ToString(), at, ("member", name), ("role", role)),
            MembershipChange.Removed => Notification.Of(NotificationMessage.MemberRemoved, scope, place.ToString(), at, ("member", name)),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "no such change"),
        };
    }

    /// <summary>An authority asks for data of a premises.</summary>
    /// <param name="premises">Whose.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="what">For what.</param>
    /// <param name="reason">Why.</param>
    /// <param name="request">The request's name, the same each time.</param>
    /// <param name="at">When.</param>
    public static Notification AccessRequested(PremisesId premises, string who, string what, string reason, string request, Instant at) =>
        Notification.Of(
            NotificationMessage.AccessRequested, new NotificationScope.Premises(premises), $"request {request}", at,
            ("who", who), ("what", what), ("reason", reason));

    /// <summary>Somebody was invited to look at a home, or to switch in it.</summary>
    /// <param name="premises">Whose.</param>
    /// <param name="name">The premises' name, for people.</param>
    /// <param name="host">Who invited.</param>
    /// <param name="guest">Whom, in the host's words.</param>
    /// <param name="invitation">The invitation's name, the same each time.</param>
    /// <param name="at">When.</param>
    public static Notification GuestInvited(PremisesId premises, string name, string host, string guest, string invitation, Instant at) =>
        Notification.Of(
            NotificationMessage.GuestInvited, new NotificationScope.Premises(premises), $"invitation {invitation}", at,
            ("premises", name), ("host", host), ("guest", guest));

    /// <summary>Regulators warn of a firmware.</summary>
    /// <param name="firmware">Which.</param>
    /// <param name="until">Until when the warning stands if nobody votes about it.</param>
    /// <param name="at">When it was published.</param>
    /// <param name="place">The event on the ledger.</param>
    public static Notification Advisory(Cryptography.Hash256 firmware, Instant until, Instant at, LedgerPlace place) => Notification.Of(
        NotificationMessage.AdvisoryIssued, new NotificationScope.Firmware(firmware), place.ToString(), at,
        ("firmware", firmware.ToString()), ("until", Text(until)));

    private static string SilenceOf(MeterId meter, Instant? lastReading) =>
        $"meter {meter} after {(lastReading is { } last ? Number(last.ToUnixTimeSeconds()) : "nothing")}";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(Instant instant) => NodaTime.Text.InstantPattern.ExtendedIso.Format(instant);
}

/// <summary>Where an event stands on the ledger.</summary>
/// <param name="Transaction">Its transaction: the same after a reorganisation, when the block is another.</param>
/// <param name="LogIndex">Which of the transaction's or block's logs.</param>
public readonly record struct LedgerPlace(Cryptography.Hash256 Transaction, int LogIndex)
{
    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"event {Transaction} {LogIndex}");
}

/// <summary>What was done to a membership.</summary>
public enum MembershipChange
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Admitted.</summary>
    Admitted,

    /// <summary>Given another role.</summary>
    RoleChanged,

    /// <summary>Removed.</summary>
    Removed,
}
