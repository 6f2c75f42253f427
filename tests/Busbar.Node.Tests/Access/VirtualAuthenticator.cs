using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Busbar.Node.Tests.Access;

/// <summary>An authenticator with its browser: makes one passkey and signs with it as WebAuthn level 3 says, or not quite.</summary>
internal sealed class VirtualAuthenticator : IDisposable
{
    private readonly ECDsa? _elliptic;
    private readonly RSA? _rsa;

    /// <summary>With ES256, or with RS256.</summary>
    public VirtualAuthenticator(bool rsa = false)
    {
        if (rsa)
            _rsa = RSA.Create(2048);
        else
            _elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    }

    public byte[] Id { get; } = RandomNumberGenerator.GetBytes(32);

    public string UserHandle { get; set; } = "";

    public uint Counter { get; set; }

    public bool VerifiesUser { get; set; } = true;

    public required string Origin { get; set; }

    public string RelyingParty { get; set; } = "localhost";

    public bool CrossOrigin { get; set; }

    /// <summary>Answers navigator.credentials.create.</summary>
    public JsonNode Create(JsonElement options)
    {
        UserHandle = options.GetProperty("user").GetProperty("id").GetString()!;
        var data = AuthenticatorData(withKey: true);
        byte[] attestation = [0xA3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xA0, .. Text("authData"), .. Bytes(data)];
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(ClientData("webauthn.create", options)),
            ["attestationObject"] = Base64Url.EncodeToString(attestation),
            ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>Answers navigator.credentials.get.</summary>
    public JsonNode Get(JsonElement options)
    {
        Counter++;
        var data = AuthenticatorData(withKey: false);
        var client = ClientData("webauthn.get", options);
        byte[] signed = [.. data, .. SHA256.HashData(client)];
        var signature = _elliptic?.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            ?? _rsa!.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(client),
            ["authenticatorData"] = Base64Url.EncodeToString(data),
            ["signature"] = Base64Url.EncodeToString(signature),
            ["userHandle"] = UserHandle,
        });
    }

    public void Dispose()
    {
        _elliptic?.Dispose();
        _rsa?.Dispose();
    }

    private JsonObject Credential(JsonObject response) => new()
    {
        ["id"] = Base64Url.EncodeToString(Id),
        ["rawId"] = Base64Url.EncodeToString(Id),
        ["type"] = "public-key",
        ["authenticatorAttachment"] = "platform",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    };

    private byte[] ClientData(string type, JsonElement options) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["type"] = type,
        ["challenge"] = options.GetProperty("challenge").GetString(),
        ["origin"] = Origin,
        ["crossOrigin"] = CrossOrigin,
    }.ToJsonString());

    private byte[] AuthenticatorData(bool withKey)
    {
        const int UserPresent = 1, UserVerified = 4, AttestedKey = 64;
        var flags = (byte)(UserPresent | (VerifiesUser ? UserVerified : 0) | (withKey ? AttestedKey : 0));
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counter);
        byte[] head = [.. SHA256.HashData(Encoding.UTF8.GetBytes(RelyingParty)), flags, .. counter];
        return withKey ? [.. head, .. new byte[16], 0, (byte)Id.Length, .. Id, .. PublicKey()] : head;
    }

    // A COSE key (RFC 9052, 7; RFC 9053, 7.1; RFC 8230, 4), its members in their canonical order.
    private byte[] PublicKey()
    {
        if (_elliptic?.ExportParameters(includePrivateParameters: false).Q is { } point)
            return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, .. Bytes(point.X!), 0x22, .. Bytes(point.Y!)];
        var key = _rsa!.ExportParameters(includePrivateParameters: false);
        return [0xA4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20, .. Bytes(key.Modulus!), 0x21, .. Bytes(key.Exponent!)];
    }

    private static byte[] Text(string text) => [(byte)(0x60 | text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Bytes(byte[] bytes) => bytes.Length switch
    {
        < 24 => [(byte)(0x40 | bytes.Length), .. bytes],
        < 256 => [0x58, (byte)bytes.Length, .. bytes],
        _ => [0x59, (byte)(bytes.Length >> 8), (byte)(bytes.Length & 0xFF), .. bytes],
    };
}
