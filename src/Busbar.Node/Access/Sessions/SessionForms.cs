using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Busbar.Node.Access.Accounts;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Access.Passwords;
using Busbar.Node.Access.Wallets;

namespace Busbar.Node.Access.Sessions;

/// <summary>A signed Sign-In with Ethereum message.</summary>
internal sealed record WalletForm : IRequestForm
{
    public static int MostBytes => 8192;

    [Required]
    [Description("The message of EIP-4361, exactly as it was signed.")]
    public string? Message { get; init; }

    [Required]
    [Description("The wallet's personal_sign signature: 0x and 130 digits.")]
    public string? Signature { get; init; }

    public AccessRefused? Check() =>
        string.IsNullOrEmpty(Message) || Message.Length > SignInMessage.MostCharacters
            ? AccessRefused.InvalidField("message", $"must have 1 to {SignInMessage.MostCharacters} characters")
            : string.IsNullOrEmpty(Signature) || Signature.Length > 1024
                ? AccessRefused.InvalidField("signature", "must be 0x and 130 hexadecimal digits")
                : null;
}

/// <summary>A name and a password.</summary>
internal sealed record PasswordForm : IRequestForm
{
    public static int MostBytes => 2048;

    [Required]
    [Description("The account's name; case does not count.")]
    public string? Name { get; init; }

    [Required]
    [Description("The password.")]
    public string? Password { get; init; }

    public AccessRefused? Check() =>
        string.IsNullOrEmpty(Name) || Name.Length > AccountName.Most
            ? AccessRefused.InvalidField("name", $"must have 1 to {AccountName.Most} characters")
            : string.IsNullOrEmpty(Password) || Password.Length > PasswordRules.Most
                ? AccessRefused.InvalidField("password", $"must have 1 to {PasswordRules.Most} characters")
                : null;

    /// <summary>Never the password.</summary>
    public override string ToString() => "name and password (not shown)";
}

/// <summary>What goes into a message of EIP-4361 for this node; the nonce also binds a new key.</summary>
/// <param name="Nonce">Works once, for five minutes.</param>
/// <param name="Domain">This node as the request named it.</param>
/// <param name="Uri">The subject.</param>
/// <param name="ChainId">The chain (EIP-155).</param>
/// <param name="IssuedAt">Now (ISO 8601, UTC).</param>
/// <param name="ExpirationTime">When the nonce ceases to work.</param>
/// <param name="Statement">What the wallet shows as the reason.</param>
/// <param name="Version">Always 1.</param>
internal sealed record NonceView(
    string Nonce, string Domain, string Uri, ulong ChainId, string IssuedAt, string ExpirationTime, string Statement, string Version);
