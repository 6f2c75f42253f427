using System.Security.Cryptography;
using Busbar.Cryptography;
using Busbar.Node.Access.Limits;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Busbar.Node.Access.Wallets;

/// <summary>Sign-In with Ethereum on this node: gives nonces, and takes messages back that carry them. Thread safe.</summary>
internal sealed class WalletSignIn(AccessOptions options, TimeProvider time)
{
    public const string MessageVersion = "1";

    private const int MostNonces = 10_000;

    // A wallet's clock may go a little wrong; the nonce, not this, keeps old messages out.
    private static readonly Duration Tolerance = Duration.FromMinutes(2);
    private static readonly TimeSpan NonceLife = TimeSpan.FromMinutes(5);

    private readonly SingleUse<bool> _nonces = new(time, NonceLife, MostNonces);

    public Instant Now => Instant.FromDateTimeOffset(time.GetUtcNow());

    /// <summary>What a wallet shows as the reason.</summary>
    public const string Statement = "Sign in to Busbar. This moves no money and changes nothing on the ledger.";

    public string NewNonce()
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _nonces.Give(nonce, true);
        return nonce;
    }

    public Instant ExpiryOf(Instant issued) => issued + Duration.FromTimeSpan(NonceLife);

    /// <summary>The message of a signature that holds here and now.</summary>
    public Answer<SignInMessage> Check(HttpRequest request, string text, string signature)
    {
        var parsed = SignInMessage.Parse(text);
        if (!parsed.IsGiven)
            return parsed;
        var message = parsed.Value;
        if (Refusal(request, message) is { } refused)
            return refused;
        if (!_nonces.TryTake(message.Nonce, out _))
            return AccessRefused.NonceUnknown();
        return PersonalSignature.IsBy(message.Address, text, signature) ? message : AccessRefused.WrongSignature();
    }

    /// <summary>The text that binds a key to a new account; the node makes it anew, so that nothing else can have been signed.</summary>
    public static string ProofText(HttpRequest request, Address address, string nonce) =>
        $"{request.Host.Value}: bind this key to a Busbar account.\nAddress: {address}\nNonce: {nonce}";

    public bool IsProof(HttpRequest request, Address address, string nonce, string signature) =>
        _nonces.TryTake(nonce, out _) && PersonalSignature.IsBy(address, ProofText(request, address, nonce), signature);

    private AccessRefused? Refusal(HttpRequest request, SignInMessage message)
    {
        var host = request.Host.Value ?? "";
        var here = $"{request.Scheme}://{host}";
        var now = Now;
        if (message.Version != MessageVersion)
            return AccessRefused.WrongVersion();
        if (!string.Equals(message.Domain, host, StringComparison.OrdinalIgnoreCase)
            || (message.Scheme is { } scheme && !string.Equals(scheme, request.Scheme, StringComparison.OrdinalIgnoreCase)))
            return AccessRefused.WrongDomain(host);
        if (!IsOf(here, message.Uri))
            return AccessRefused.WrongUri(here);
        if (message.ChainId != options.ChainId)
            return AccessRefused.WrongChain(options.ChainId);
        if (message.IssuedAt > now + Tolerance)
            return AccessRefused.IssuedInFuture(now);
        if (message.ExpirationTime <= now || message.IssuedAt < now - Duration.FromTimeSpan(NonceLife) - Tolerance)
            return AccessRefused.Expired(now);
        return message.NotBefore > now ? AccessRefused.NotYetValid(now) : null;
    }

    private static bool IsOf(string here, string uri) =>
        System.Uri.TryCreate(here, UriKind.Absolute, out var own)
        && System.Uri.TryCreate(uri, UriKind.Absolute, out var named)
        && named.UserInfo.Length == 0
        && System.Uri.Compare(own, named, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
