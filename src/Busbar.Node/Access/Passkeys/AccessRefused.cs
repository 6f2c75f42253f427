using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Access;

/// <content>Refusals of passkeys.</content>
internal sealed partial record AccessRefused
{
    public static AccessRefused ChallengeUnknown() => new(
        StatusCodes.Status401Unauthorized,
        "ChallengeUnknown",
        "the challenge is not of this node, has been used, or is older than five minutes; ask for new options");

    // Which of the checks failed helps nobody but one who tries them out.
    public static AccessRefused WrongPasskey() => new(
        StatusCodes.Status401Unauthorized,
        "WrongPasskey",
        "the passkey is not known here, was made for another site, or its answer does not hold; nothing was done");

    public static AccessRefused TooManyPasskeys(int most) => new(
        StatusCodes.Status409Conflict,
        "TooManyPasskeys",
        string.Create(CultureInfo.InvariantCulture, $"an account has at most {most} passkeys; remove one first"));

    public static AccessRefused PasskeyUnknown() =>
        new(StatusCodes.Status404NotFound, "PasskeyUnknown", "this account has no such passkey");

    public static AccessRefused LastWayIn() => new(
        StatusCodes.Status409Conflict, "LastWayIn", "this is the account's only way to sign in; add another one first");
}
