using System.Collections.Frozen;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using NodaTime;

namespace Busbar.Store.Accounts;

/// <summary>How an account came into being, and so how its holder signs in first. Names are stored.</summary>
public enum AccountKind
{
    /// <summary>By the signature of a wallet.</summary>
    Wallet,

    /// <summary>By name and password.</summary>
    Password,

    /// <summary>By a passkey, without a password.</summary>
    Passkey,
}

/// <summary>A person's account on this node, without its secrets.</summary>
/// <param name="Id">Random; never used again.</param>
/// <param name="Name">As its holder writes it; unique without regard to case.</param>
/// <param name="Kind">How it came into being.</param>
/// <param name="Created">When.</param>
public sealed record Account(string Id, string Name, AccountKind Kind, Instant Created)
{
    /// <summary>The address that it acts with on the ledger; null for a guest without a key. No two accounts have the same.</summary>
    public Address? Address { get; init; }

    /// <summary>Whether the node keeps an encrypted key for it.</summary>
    public bool HasKeystore { get; init; }

    /// <summary>Its settings as JSON text; null for the defaults.</summary>
    public string? Settings { get; init; }

    /// <summary>What the node itself has made it: operator, auditor, both or neither.</summary>
    public FrozenSet<Role> NodeRoles { get; init; } = [];
}

/// <summary>An account that is to be, with its secrets as they are stored.</summary>
/// <param name="Account">The account.</param>
/// <param name="NameKey">The name as it is compared: in one case, and one form.</param>
public sealed record NewAccount(Account Account, string NameKey)
{
    /// <summary>The password's hash with its parameters; null when the account has none.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The encrypted key (Web3 Secret Storage, version 3); null when the node keeps none.</summary>
    public string? Keystore { get; init; }

    /// <summary>The invitation that is used up by it, in the same transaction; null when it needs none.</summary>
    public string? Invitation { get; init; }
}

/// <summary>What became of a new account.</summary>
public enum AccountAdded
{
    /// <summary>Nothing was tried.</summary>
    None,

    /// <summary>The name is another account's; nothing was written.</summary>
    NameTaken,

    /// <summary>The address is another account's; nothing was written.</summary>
    AddressTaken,

    /// <summary>The invitation has been used, revoked or never was; nothing was written.</summary>
    InvitationGone,

    /// <summary>It is stored.</summary>
    Added,
}

/// <summary>A passkey's public half.</summary>
/// <param name="Id">The credential id.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Name">What its holder calls it.</param>
/// <param name="PublicKey">The key as a COSE map.</param>
/// <param name="Counter">The signature counter last seen; 0 for an authenticator that does not count.</param>
/// <param name="Created">When it was registered.</param>
public sealed record Passkey(
    ReadOnlyMemory<byte> Id, string Account, string Name, ReadOnlyMemory<byte> PublicKey, uint Counter, Instant Created)
{
    /// <summary>How the authenticator can be reached, as it said itself.</summary>
    public IReadOnlyList<string> Transports { get; init; } = [];

    /// <summary>Whether it may be copied to other devices (WebAuthn's backup eligibility); fixed at registration.</summary>
    public bool IsBackupEligible { get; init; }

    /// <summary>Whether it has been copied.</summary>
    public bool IsBackedUp { get; init; }

    /// <summary>When it was signed in with last; null for never.</summary>
    public Instant? LastUsed { get; init; }
}

/// <summary>A sign-in that holds until it ends. The secret itself is not stored.</summary>
/// <param name="Id">Names it; no secret.</param>
/// <param name="SecretHash">SHA-256 of the secret in the cookie.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Created">When it began.</param>
/// <param name="LastUsed">When it was used last, to about a minute.</param>
public sealed record StoredSession(string Id, Hash256 SecretHash, string Account, Instant Created, Instant LastUsed);
