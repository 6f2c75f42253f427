using System.Text.Json;
using Busbar.Node.Access.Accounts;
using Busbar.Node.Access.Invitations;
using Busbar.Node.Access.Passkeys;
using Busbar.Node.Access.Sessions;
using static Busbar.Node.Api.Describing.Sample;

namespace Busbar.Node.Api.Describing;

/// <content>Sessions, accounts, invitations and guests.</content>
internal static partial class Examples
{
    private const string Nonce = "4Xh0mCqW8rJk2tVbYf7sPz";
    private const string Code = "7K3M-9QXT-0B4C-ZWHN";
    private const string PasskeyId = "qZ1m3x0n1V8rT5yKcW2bHg";

    // The shape of what browsers keep and send; its bytes open nothing.
    public static JsonElement Keystore => Json("""
        {"version":3,"id":"7d8c1c0e-52b4-4f0c-9a4e-1f6a3f2f9b11","crypto":{"cipher":"aes-128-ctr","cipherparams":
        {"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},"ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
        "kdf":"scrypt","kdfparams":{"dklen":32,"n":131072,"r":8,"p":1,"salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"}}
        """);

    private static JsonElement Credential => Json($$$"""
        {"id":"{{{PasskeyId}}}","rawId":"{{{PasskeyId}}}","type":"public-key","clientExtensionResults":{},"response":{"clientDataJSON":
        "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0","authenticatorData":"SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ","signature":"MEUCIQ"}}
        """);

    public static JsonElement RequestOptions => Json("""
        {"challenge":"dGhlIGNoYWxsZW5nZSBvZiBhIG5vZGU","rpId":"localhost","allowCredentials":[],"userVerification":"required","timeout":300000}
        """);

    public static JsonElement CreationOptions => Json("""
        {"rp":{"id":"localhost","name":"Busbar"},"user":{"id":"dXNlcg","name":"asha","displayName":"asha"},"challenge":
        "dGhlIGNoYWxsZW5nZSBvZiBhIG5vZGU","pubKeyCredParams":[{"type":"public-key","alg":-7}],"timeout":300000,"excludeCredentials":[]}
        """);

    private static AccountView Asha => new("mJ8kTzQ2b0WcVxYf5rNp1A", "asha", Account, "password", true);

    private static ProofForm Proof => new() { Nonce = Nonce, Signature = Signature };

    private static object[] OfAccess() =>
    [
        new SessionView
        {
            SignedIn = true,
            Account = Asha,
            Roles = ["Anyone", "Account", "Household"],
            Premises = [new(Premises, "House 7", [Meter], true, true)],
            Csrf = "V0mB8h2r7sQkJx4tYpZc1w",
            Expires = "2026-06-28T18:31:07Z",
            Demo = false,
        },
        new NonceView(
            Nonce,
            "localhost:8080",
            "http://localhost:8080/",
            35_303,
            Now,
            "2026-06-21T18:36:07Z",
            Access.Wallets.WalletSignIn.Statement,
            Access.Wallets.WalletSignIn.MessageVersion),
        new WalletForm
        {
            Message = $"localhost:8080 wants you to sign in with your Ethereum account:\n{Account}\n\n{Access.Wallets.WalletSignIn.Statement}\n\n"
                + $"URI: http://localhost:8080/\nVersion: 1\nChain ID: 35303\nNonce: {Nonce}\nIssued At: {Now}",
            Signature = Signature,
        },
        new PasswordForm { Name = "asha", Password = "monsoon lantern 42" },
        new NewAccountForm
        {
            Invitation = Code, Name = "asha", Password = "monsoon lantern 42", Address = Account, Keystore = Keystore, Proof = Proof,
        },
        new PasswordChangeForm { Current = "monsoon lantern 42", Next = "a kite above the river" },
        new KeystoreForm { Address = Account, Keystore = Keystore, Proof = Proof },
        Asha,
        new NodeAccountView(
            Asha.Id, Asha.Name, Asha.Kind, Asha.Address, [nameof(Domain.Access.Role.Auditor)], Day, Now),
        new NodeRolesForm { Roles = [nameof(Domain.Access.Role.Auditor)] },
        new AccountSettings { Language = "hi", Theme = "system" },
        new PasskeyOptionsForm(),
        new PasskeyForm { Credential = Credential },
        new NewPasskeyForm { Credential = Credential, Name = "Phone" },
        new PasskeyView(PasskeyId, "Phone", Day, Now),
        new InvitationForm { Kind = "household", Name = "House 7" },
        new InvitationView("b1ZqXw3RkU2nYtLm0sVfPg", "household", "House 7", "open", Now, Later, "operator", null, Code),
        new AcceptForm { Code = Code },
        new GuestForm { Premises = Premises, Name = "Grandmother", CanSwitch = false, Until = Later },
        new GuestView("Xn4cR8tQ0pWkVbJmYz2sLg", "Grandmother", Premises, false, Later, "invited", Later, Code),
    ];

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
