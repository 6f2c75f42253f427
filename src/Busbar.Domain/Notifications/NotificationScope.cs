using Busbar.Cryptography;
using Busbar.Domain.Metering;

namespace Busbar.Domain.Notifications;

/// <summary>Names an account as the node's accounts do: 1 to 128 printable ASCII characters without blanks.</summary>
public readonly record struct RecipientId
{
    private readonly string? _value;

    /// <summary>Takes the account's name.</summary>
    /// <exception cref="ArgumentException">It is empty, too long, or holds something else.</exception>
    public RecipientId(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (value.Length > 128 || value.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new ArgumentException("an account's name is 1 to 128 printable ASCII characters without blanks", nameof(value));
        _value = value;
    }

    /// <summary>The account's name.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>Whom a notification is about. A closed set; its text form is stored.</summary>
public abstract record NotificationScope
{
    private NotificationScope()
    {
    }

    /// <summary>The text form: <c>community</c>, <c>microgrid/1</c>, <c>premises/0x...</c> and so on.</summary>
    public sealed override string ToString() => this switch
    {
        Microgrid microgrid => $"microgrid/{microgrid.Id}",
        Premises premises => $"premises/{premises.Id}",
        Firmware firmware => $"firmware/{firmware.Hash}",
        Participant participant => $"participant/{participant.Address.ToLowerHex()}",
        Account account => $"account/{account.Id}",
        _ => "community",
    };

    /// <summary>Everybody.</summary>
    public sealed record Community : NotificationScope;

    /// <summary>All who have a premises in a microgrid.</summary>
    /// <param name="Id">Which.</param>
    public sealed record Microgrid(MicrogridId Id) : NotificationScope;

    /// <summary>Who lives in a premises.</summary>
    /// <param name="Id">Which.</param>
    public sealed record Premises(PremisesId Id) : NotificationScope;

    /// <summary>All who have a meter that runs a firmware.</summary>
    /// <param name="Hash">Which.</param>
    public sealed record Firmware(Hash256 Hash) : NotificationScope;

    /// <summary>A participant of the ledger.</summary>
    /// <param name="Address">Its address.</param>
    public sealed record Participant(Address Address) : NotificationScope;

    /// <summary>One account of the node.</summary>
    /// <param name="Id">Which.</param>
    public sealed record Account(RecipientId Id) : NotificationScope;
}
