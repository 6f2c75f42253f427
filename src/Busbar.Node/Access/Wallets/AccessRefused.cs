using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Busbar.Node.Access;

/// <content>Refusals of a wallet's sign-in.</content>
internal sealed partial record AccessRefused
{
    public static AccessRefused MalformedMessage(string detail) => new(StatusCodes.Status400BadRequest, "MalformedMessage", detail);

    public static AccessRefused WrongVersion() => Wallet("WrongVersion", "the message's version is not 1");

    public static AccessRefused WrongDomain(string expected) =>
        Wallet("WrongDomain", $"the message is for another site; here it must name {expected}");

    public static AccessRefused WrongUri(string expected) => Wallet("WrongUri", $"the message's URI is not of this site ({expected})");

    public static AccessRefused WrongChain(ulong expected) =>
        Wallet("WrongChain", $"the message is for another chain; here it must name {expected}");

    public static AccessRefused IssuedInFuture(Instant now) =>
        Wallet("IssuedInFuture", $"the message says that it was made later than now ({now})");

    public static AccessRefused Expired(Instant now) =>
        Wallet("Expired", $"the message is too old, or its expiration time has passed; it is {now}");

    public static AccessRefused NotYetValid(Instant now) => Wallet("NotYetValid", $"the message is valid only later; it is {now}");

    public static AccessRefused NonceUnknown() =>
        Wallet("NonceUnknown", "the nonce is not of this node, has been used, or is older than five minutes; ask for a new one");

    public static AccessRefused WrongSignature() => Wallet(
        "WrongSignature", "the signature is not this address's over this message; contract wallets (EIP-1271) are not offered here");

    private static AccessRefused Wallet(string code, string detail) => new(StatusCodes.Status401Unauthorized, code, detail);
}
