using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Access;

/// <content>Refusals of invitations and guests.</content>
internal sealed partial record AccessRefused
{
    public static AccessRefused NotYourPremises() =>
        new(StatusCodes.Status403Forbidden, "NotYourPremises", "only who holds a premises on the ledger invites guests to it");

    public static AccessRefused NotThere(string what) => new(StatusCodes.Status404NotFound, "NotFound", $"there is no such {what}");

    public static AccessRefused AlreadyUsed() => new(
        StatusCodes.Status409Conflict, "AlreadyUsed", "the invitation has been used; what came of it is not undone by taking it back");

    public static AccessRefused TooManyGuests(int most) =>
        new(StatusCodes.Status409Conflict, "TooManyGuests", $"a premises has at most {most} guests; take one back first");
}
