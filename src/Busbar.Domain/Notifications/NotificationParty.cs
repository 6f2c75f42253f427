using Busbar.Cryptography;
using Busbar.Domain.Metering;

namespace Busbar.Domain.Notifications;

/// <summary>What an account is in the community, as far as it matters for telling it something.</summary>
/// <param name="Account">The account.</param>
public sealed record NotificationStanding(RecipientId Account)
{
    /// <summary>Its address on the ledger; null for an account without one.</summary>
    public Address? Participant { get; init; }

    /// <summary>The premises that it lives in.</summary>
    public IReadOnlyCollection<PremisesId> Premises { get; init; } = [];

    /// <summary>The microgrids of these.</summary>
    public IReadOnlyCollection<MicrogridId> Microgrids { get; init; } = [];

    /// <summary>What its meters run.</summary>
    public IReadOnlyCollection<Hash256> Firmware { get; init; } = [];

    /// <summary>The premises that it is a guest of.</summary>
    public IReadOnlyCollection<PremisesId> GuestOf { get; init; } = [];

    /// <summary>Whether it is an operator.</summary>
    public bool IsOperator { get; init; }

    /// <summary>Whether it is the owner or a regulator.</summary>
    public bool IsRegulator { get; init; }

    /// <summary>Whether a notification is for it.</summary>
    public bool IsAddressed(Notification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        var audience = notification.Form.Audience;
        return (audience.HasFlag(NotificationAudience.Concerned) && IsConcerned(notification.Scope))
            || (notification.Scope is not NotificationScope.Account
                && ((audience.HasFlag(NotificationAudience.Guests) && notification.Scope is NotificationScope.Premises place && GuestOf.Contains(place.Id))
                    || (audience.HasFlag(NotificationAudience.Operators) && IsOperator)
                    || (audience.HasFlag(NotificationAudience.Regulators) && IsRegulator)));
    }

    private bool IsConcerned(NotificationScope scope) => scope switch
    {
        NotificationScope.Community => true,
        NotificationScope.Microgrid microgrid => Microgrids.Contains(microgrid.Id),
        NotificationScope.Premises premises => Premises.Contains(premises.Id),
        NotificationScope.Firmware firmware => Firmware.Contains(firmware.Hash),
        NotificationScope.Participant participant => Participant == participant.Address,
        NotificationScope.Account account => Account == account.Id,
        _ => false,
    };
}

/// <summary>Somebody who can be told something: standing, choice and addresses.</summary>
/// <param name="Standing">What it is in the community.</param>
/// <param name="Choice">What it wants.</param>
/// <param name="Addresses">Where it can be reached: confirmed mail address, push subscriptions, webhook.</param>
public sealed record NotificationParty(
    NotificationStanding Standing, NotificationChoice Choice, IReadOnlyList<NotificationAddress> Addresses);

/// <summary>A place to reach somebody.</summary>
/// <param name="Channel">How.</param>
/// <param name="Value">The mail address, or the name of the push subscription or webhook.</param>
public readonly record struct NotificationAddress(NotificationChannel Channel, string Value);
