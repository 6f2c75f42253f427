using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Access.Invitations;
using Busbar.Node.Access.Passwords;

namespace Busbar.Node.Access.Accounts;

/// <summary>A new account by invitation.</summary>
internal sealed record NewAccountForm : IRequestForm
{
    public static int MostBytes => 16 * 1024;

    [Required]
    [Description("The one-time code of an invitation.")]
    public string? Invitation { get; init; }

    [Required]
    [Length(AccountName.Least, AccountName.Most)]
    [Description("The account's name; case does not count.")]
    public string? Name { get; init; }

    [Required]
    [Length(PasswordRules.Least, PasswordRules.Most)]
    [Description("The password.")]
    public string? Password { get; init; }

    [Description("The address of a key made in the browser; absent for a guest without a key.")]
    public string? Address { get; init; }

    [Description("The key, encrypted in the browser (Web3 Secret Storage, version 3); absent when the key is kept elsewhere.")]
    public JsonElement? Keystore { get; init; }

    [Description("Shows that the key is at hand; needed with an address.")]
    public ProofForm? Proof { get; init; }

    public AccessRefused? Check()
    {
        if (InvitationCode.Normalize(Invitation) is null)
            return AccessRefused.InvalidField("invitation", "must be a code of 16 letters and digits");
        if (!AccountName.IsAllowed(Name))
            return AccessRefused.InvalidField("name", AccountName.Rule);
        if (PasswordRules.Broken(Password) is { } rule)
            return AccessRefused.InvalidField("password", rule);
        if (Address is null)
        {
            return Keystore is null && Proof is null
                ? null
                : AccessRefused.InvalidField("address", "is needed with a keystore or a proof");
        }

        return AddressForm.Fault(Address, Keystore, Proof);
    }

    /// <summary>Never the password.</summary>
    public override string ToString() => "new account (not shown)";
}

/// <summary>Shows that a key is at hand: its EIP-191 signature over a text with this node's nonce.</summary>
internal sealed record ProofForm
{
    [Required]
    [Description("A nonce from POST /session/nonce, not used yet.")]
    public string? Nonce { get; init; }

    [Required]
    [Description("personal_sign of '{domain}: bind this key to a Busbar account.\\nAddress: {address}\\nNonce: {nonce}'.")]
    public string? Signature { get; init; }
}

/// <summary>The current and the next password.</summary>
internal sealed record PasswordChangeForm : IRequestForm
{
    public static int MostBytes => 4096;

    [Required]
    [Description("The password that holds now.")]
    public string? Current { get; init; }

    [Required]
    [Length(PasswordRules.Least, PasswordRules.Most)]
    [Description("The password from now on.")]
    public string? Next { get; init; }

    public AccessRefused? Check() =>
        string.IsNullOrEmpty(Current) || Current.Length > PasswordRules.Most
            ? AccessRefused.InvalidField("current", $"must have 1 to {PasswordRules.Most} characters")
            : PasswordRules.Broken(Next) is { } rule ? AccessRefused.InvalidField("next", rule) : null;

    /// <summary>Never the passwords.</summary>
    public override string ToString() => "passwords (not shown)";
}

/// <summary>A key for an account: the address, the encrypted key and the proof that it is at hand.</summary>
internal sealed record KeystoreForm : IRequestForm
{
    public static int MostBytes => 16 * 1024;

    [Required]
    [Description("The key's address.")]
    public string? Address { get; init; }

    [Required]
    [Description("The key, encrypted in the browser (Web3 Secret Storage, version 3).")]
    public JsonElement? Keystore { get; init; }

    [Required]
    [Description("Shows that the key is at hand.")]
    public ProofForm? Proof { get; init; }

    public AccessRefused? Check() => Keystore is null
        ? AccessRefused.InvalidField("keystore", "is missing")
        : AddressForm.Fault(Address, Keystore, Proof);
}

/// <summary>The rules that an address keeps with its keystore and proof.</summary>
internal static class AddressForm
{
    public static AccessRefused? Fault(string? address, JsonElement? keystore, ProofForm? proof)
    {
        if (address is null || !Cryptography.Address.TryParse(address, out var read) || read.IsZero)
            return AccessRefused.InvalidField(
                "address", "must be 0x and 40 hexadecimal digits, with a right checksum if their case is mixed");
        if (proof is not { Nonce: { Length: >= 8 and <= 128 }, Signature.Length: 2 + (2 * Signature.Length) })
            return AccessRefused.InvalidField("proof", "must have a nonce of this node and a signature of 0x and 130 digits");
        return keystore is { } json && KeystoreShape.Fault(json, read) is { } fault ? AccessRefused.WrongKeystore(fault) : null;
    }
}
