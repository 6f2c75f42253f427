using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Access;

/// <content>Refusals of accounts and their ways in.</content>
internal sealed partial record AccessRefused
{
    public static AccessRefused NameTaken() =>
        new(StatusCodes.Status409Conflict, "NameTaken", "this name is another account's; choose another");

    public static AccessRefused AddressTaken() =>
        new(StatusCodes.Status409Conflict, "AddressTaken", "this address is another account's; sign in with that account");

    /// <summary>One answer for a wrong name and a wrong password: nobody learns which names there are.</summary>
    public static AccessRefused WrongNameOrPassword() =>
        new(StatusCodes.Status401Unauthorized, "WrongNameOrPassword", "the name or the password is wrong");

    public static AccessRefused WrongPassword() =>
        new(StatusCodes.Status403Forbidden, "WrongPassword", "the current password is wrong; nothing was changed");

    public static AccessRefused InvitationUnknown() => new(
        StatusCodes.Status403Forbidden,
        "InvitationUnknown",
        "this invitation is not known, has been used, was taken back or is too old; ask for a new one");

    public static AccessRefused WrongProof() => new(
        StatusCodes.Status403Forbidden, "WrongProof", "the proof is not this address's signature over the text with this node's nonce");

    public static AccessRefused WrongKeystore(string detail) =>
        new(StatusCodes.Status400BadRequest, "WrongKeystore", $"keystore: {detail}");

    public static AccessRefused LastOperator() => new(
        StatusCodes.Status409Conflict, "LastOperator", "this account is the node's last operator; make another one operator first");

    public static AccessRefused OwnRoles() => new(
        StatusCodes.Status409Conflict, "OwnRoles", "nobody gives or takes their own roles of the node; another operator does");

    public static AccessRefused NoKeystore() =>
        new(StatusCodes.Status404NotFound, "NoKeystore", "this node keeps no key for this account");
}
