using System.Collections.Frozen;

namespace Busbar.Node.Api.Describing;

/// <summary>Every code that a refusal can have, with its status and what it means. A closed set: no other can be answered.</summary>
internal static class ProblemCodes
{
    public static readonly FrozenDictionary<string, ProblemCode> All = new ProblemCode[]
    {
        new(400, "BadRequest", "a parameter or a member of the body is not as it should be; the detail names it"),
        new(400, "MalformedBody", "the body is not the JSON object that is expected here: a member is unknown, doubled or of a wrong type"),
        new(400, "InvalidField", "a member of the body breaks its rule; the detail names it"),
        new(400, "MalformedMessage", "the message is not one of EIP-4361"),
        new(400, "WrongKeystore", "the keystore is not Web3 Secret Storage of version 3, or not of this address"),
        new(400, "AddressRefused", "the address cannot be sent to"),
        new(400, "DirectoryRefused", "nothing was written; each problem names its line"),
        new(401, "SignInFirst", "sign in first"),
        new(401, "WrongToken", "the token is not that of this meter"),
        new(401, "WrongNameOrPassword", "the name or the password is wrong"),
        new(401, "WrongVersion", "the message's version is not 1"),
        new(401, "WrongDomain", "the message is for another site"),
        new(401, "WrongUri", "the message's URI is not of this site"),
        new(401, "WrongChain", "the message is for another chain"),
        new(401, "IssuedInFuture", "the message says that it was made later than now"),
        new(401, "Expired", "the message is too old"),
        new(401, "NotYetValid", "the message is valid only later"),
        new(401, "NonceUnknown", "the nonce is not of this node, has been used, or is older than five minutes; ask for a new one"),
        new(401, "WrongSignature", "the signature is not this address's over this message"),
        new(401, "ChallengeUnknown", "the challenge is not of this node, has been used, or is older than five minutes"),
        new(401, "WrongPasskey", "the passkey is not known here, was made for another site, or its answer does not hold"),
        new(403, "NotAllowed", "your roles do not allow this"),
        new(403, "ForeignOrigin", "this request comes from another site's page"),
        new(403, "CsrfToken", "the header X-Busbar-Csrf is missing or wrong; read it from /api/v1/session"),
        new(403, "NotByHttp", "use HTTPS: what is sent by plain HTTP can be read on its way"),
        new(403, "WrongPassword", "the current password is wrong; nothing was changed"),
        new(403, "InvitationUnknown", "this invitation is not known, has been used, was taken back or is too old; ask for a new one"),
        new(403, "WrongProof", "the proof is not this address's signature over the text with this node's nonce"),
        new(403, "NotYourPremises", "only who holds a premises on the ledger invites guests to it"),
        new(404, "NotFound", "there is nothing such that the caller may see"),
        new(404, "ChannelUnknown", "no such channel is open on the ledger"),
        new(404, "NothingThere", "there is nothing such"),
        new(404, "NoAccount", "the ledger has no account of these premises yet"),
        new(404, "NoKeystore", "this node keeps no key for this account"),
        new(404, "PasskeyUnknown", "this account has no such passkey"),
        new(405, "MethodNotAllowed", "this address does not take this method"),
        new(408, "TooSlow", "the request came too slowly, and its connection was closed"),
        new(409, "NameTaken", "this name is another account's; choose another"),
        new(409, "AddressTaken", "this address is another account's; sign in with that account"),
        new(409, "AlreadyUsed", "the invitation has been used; what came of it is not undone by taking it back"),
        new(409, "TooManyGuests", "a premises has at most 50 guests; take one back first"),
        new(409, "TooManyPasskeys", "an account has at most 20 passkeys; remove one first"),
        new(409, "LastWayIn", "this is the account's only way to sign in; add another one first"),
        new(409, "LastOperator", "this account is the node's last operator; make another one operator first"),
        new(409, "OwnRoles", "nobody gives or takes their own roles of the node; another operator does"),
        new(409, "CriticalTopicSilenced", "Safety cannot be switched off on every channel; leave one on"),
        new(409, "ChannelNotSetUp", "Email is not set up on this node; its operator can do so"),
        new(409, "WrongCode", "the code is no longer good; ask for another"),
        new(409, "AlreadySetUp", "this node has its community already; nothing was changed"),
        new(409, "NumberTaken", "the cash book has this number already; nothing was booked"),
        new(409, "NoHolder", "nobody holds these premises on the ledger; nothing was booked"),
        new(409, "LedgerRefused", "the ledger does not take it; the detail has the contract's error, and nothing was done"),
        new(409, "VoucherLower", "a voucher for more was taken before; its numbers are since the opening and never fall"),
        new(409, "VoucherAboveLocked", "more is promised than is locked; top the channel up first"),
        new(409, "VoucherTooLittle", "less is promised than the energy costs at the channel's price"),
        new(409, "ChannelTooLate", "the ledger takes no closing of this channel any more"),
        new(409, "NotRegistered", "the ledger has no such meter in service; a regulator registers it"),
        new(413, "Oversized", "the body is larger than it may be here"),
        new(415, "NotJson", "the body must be application/json"),
        new(421, "WrongHost", "this node answers by another name"),
        new(429, "TooManyTries", "too many tries; wait and try again"),
        new(429, "TooManyStreams", "too many event streams are open from here; close some pages"),
        new(429, "TooOften", "too often; the detail tells when it may be tried again"),
        new(500, "NodeFault", "the node failed; what was not answered may or may not have been done"),
        new(503, "Busy", "too many people sign in at this moment; nothing was done, try again in some seconds"),
        new(503, "NotSetUp", "this node has no community yet; its page sets one up"),
        new(503, "Full", "this node holds no more of these; its operator must make room"),
    }.ToFrozenDictionary(one => one.Code, StringComparer.Ordinal);

    /// <summary>The code, which must be one of these with its own status.</summary>
    public static string Checked(int status, string code) => All.TryGetValue(code, out var known) && known.Status == status
        ? code
        : throw new InvalidOperationException($"{nameof(ProblemCodes)} has no {code} of status {status}");
}

/// <summary>A code of a refusal.</summary>
/// <param name="Status">The HTTP status that it always comes with.</param>
/// <param name="Code">The code.</param>
/// <param name="Meaning">What it means; the answer's own detail may say more.</param>
internal sealed record ProblemCode(int Status, string Code, string Meaning);
