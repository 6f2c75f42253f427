using System.Buffers.Text;
using System.Text.Json;
using Busbar.Node.Access.Accounts;
using Busbar.Node.Access.Limits;
using Busbar.Store.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Busbar.Node.Access.Passkeys;

/// <summary>
/// Passkeys by the platform's own verifier (WebAuthn level 3): discoverable, user verification required, any attestation taken as "none",
/// origin and relying party this node's as the request named it, a challenge good once. Thread safe.
/// </summary>
internal sealed class PasskeyDesk : IDisposable
{
    public const int MostPerAccount = 20;

    private const int MostChallenges = 10_000;
    private const string AnyAccount = "";
    private static readonly TimeSpan ChallengeLife = TimeSpan.FromMinutes(5);

    private readonly AccountBook _accounts;
    private readonly IAccountStore _store;
    private readonly TimeProvider _time;
    private readonly UserManager<Account> _users;
    private readonly PasskeyHandler<Account> _handler;
    private readonly SingleUse<(string Account, string State)> _challenges;

    public PasskeyDesk(AccountBook accounts, IAccountStore store, TimeProvider time)
    {
        (_accounts, _store, _time) = (accounts, store, time);
        _challenges = new(time, ChallengeLife, MostChallenges);
        _users = new(
            new PasskeyUsers(accounts, store), null!, null!, [], [], null!, null!, null!, NullLogger<UserManager<Account>>.Instance);
        _handler = new(_users, Options.Create(new IdentityPasskeyOptions
        {
            AuthenticatorTimeout = ChallengeLife,
            ChallengeSize = 32,
            UserVerificationRequirement = "required",
            ResidentKeyRequirement = "required",
            AttestationConveyancePreference = "none",
            ValidateOrigin = context => ValueTask.FromResult(IsOwn(context)),
        }));
    }

    /// <summary>What the browser needs to make a passkey for an account.</summary>
    public async Task<string> CreationOptionsAsync(Account account, HttpContext context)
    {
        var made = await _handler.MakeCreationOptionsAsync(
            new() { Id = account.Id, Name = account.Name, DisplayName = account.Name }, context);
        Give(made.CreationOptionsJson, account.Id, made.AttestationState!);
        return made.CreationOptionsJson;
    }

    /// <summary>What the browser needs to sign in with any passkey of this node; it names no account, so it tells of none.</summary>
    public async Task<string> RequestOptionsAsync(HttpContext context)
    {
        var made = await _handler.MakeRequestOptionsAsync(null, context);
        Give(made.RequestOptionsJson, AnyAccount, made.AssertionState!);
        return made.RequestOptionsJson;
    }

    /// <summary>Registers the passkey that a browser made.</summary>
    public async Task<Answer<Passkey>> RegisterAsync(
        Account account, string name, JsonElement credential, HttpContext context, CancellationToken cancellation)
    {
        if (!TryTake(credential, out var given) || given.Account != account.Id)
            return AccessRefused.ChallengeUnknown();
        if ((await _store.PasskeysAsync(account.Id, cancellation)).Count >= MostPerAccount)
            return AccessRefused.TooManyPasskeys(MostPerAccount);
        var result = await _handler.PerformAttestationAsync(
            new() { HttpContext = context, CredentialJson = credential.GetRawText(), AttestationState = given.State });
        if (!result.Succeeded)
            return AccessRefused.WrongPasskey();
        var made = result.Passkey;
        var passkey = new Passkey(made.CredentialId, account.Id, name, made.PublicKey, made.SignCount, Now)
        {
            Transports =
            [
                .. (made.Transports ?? []).Where(one => one.Length is > 0 and <= 32 && !one.Contains(',', StringComparison.Ordinal)).Take(8),
            ],
            IsBackupEligible = made.IsBackupEligible,
            IsBackedUp = made.IsBackedUp,
        };
        await _store.SavePasskeyAsync(passkey, cancellation);
        return passkey;
    }

    /// <summary>The account of a passkey that signed this node's challenge.</summary>
    public async Task<Answer<Account>> SignInAsync(JsonElement credential, HttpContext context, CancellationToken cancellation)
    {
        if (!TryTake(credential, out var given) || given.Account != AnyAccount)
            return AccessRefused.ChallengeUnknown();
        var result = await _handler.PerformAssertionAsync(
            new() { HttpContext = context, CredentialJson = credential.GetRawText(), AssertionState = given.State });
        if (!result.Succeeded || await _store.PasskeyAsync(result.Passkey.CredentialId, cancellation) is not { } passkey)
            return AccessRefused.WrongPasskey();
        await _store.SavePasskeyAsync(
            passkey with { Counter = result.Passkey.SignCount, IsBackedUp = result.Passkey.IsBackedUp, LastUsed = Now }, cancellation);
        return _accounts.Find(passkey.Account) is { } account ? account : AccessRefused.WrongPasskey();
    }

    public void Dispose() => _users.Dispose();

    private Instant Now => Instant.FromDateTimeOffset(_time.GetUtcNow());

    private static bool IsOwn(PasskeyOriginValidationContext context)
    {
        var request = context.HttpContext.Request;
        return !context.CrossOrigin && string.Equals(context.Origin, $"{request.Scheme}://{request.Host}", StringComparison.Ordinal);
    }

    private void Give(string optionsJson, string account, string state)
    {
        using var options = JsonDocument.Parse(optionsJson);
        _challenges.Give(options.RootElement.GetProperty("challenge").GetString()!, (account, state));
    }

    /// <summary>The challenge that a credential answers, as its own client data names it; the verifier compares it again.</summary>
    private bool TryTake(JsonElement credential, out (string Account, string State) given)
    {
        given = default;
        if (Member(credential, "response") is not { } response
            || Member(response, "clientDataJSON") is not { ValueKind: JsonValueKind.String } text)
            return false;
        try
        {
            using var client = JsonDocument.Parse(Base64Url.DecodeFromChars(text.GetString()), new JsonDocumentOptions { MaxDepth = 8 });
            return Member(client.RootElement, "challenge") is { ValueKind: JsonValueKind.String } challenge
                && _challenges.TryTake(challenge.GetString()!, out given);
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            return false;
        }
    }

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : null;
}
