using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Busbar.Cryptography;
using NodaTime;

namespace Busbar.Node.Notifications.Push;

/// <summary>
/// The key by which push services know this node (RFC 8292). It comes from the community's secret, which lies encrypted on the node, so that
/// a restored node keeps its subscriptions.
/// </summary>
internal sealed class VapidKey : IDisposable
{
    // Services refuse tokens that are good for more than a day.
    private static readonly Duration GoodFor = Duration.FromHours(12);

    // The order of P-256 (SEC 2, 2.4.2).
    private static readonly byte[] Order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    private readonly ECDsa _key;
    private readonly Lock _gate = new();

    private VapidKey(ECDsa key)
    {
        _key = key;
        PublicKey = Base64Url.Encode(PushEncryption.Bytes(key.ExportParameters(includePrivateParameters: false)));
    }

    /// <summary>What browsers subscribe with: the uncompressed point in base64url.</summary>
    public string PublicKey { get; }

    /// <summary>The key that follows from a secret.</summary>
    public static VapidKey Derive(Hash256 secret)
    {
        for (var counter = 0; ; counter++)
        {
            var scalar = Keccak256.Hash([.. secret.ToArray(), .. "VAPID P-256 "u8, (byte)counter]).ToArray();
            if (scalar.AsSpan().IndexOfAnyExcept((byte)0) < 0 || scalar.AsSpan().SequenceCompareTo(Order) >= 0)
                continue;
            var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
            CryptographicOperations.ZeroMemory(scalar);
            return new(key);
        }
    }

    /// <summary>The Authorization header for one push service.</summary>
    /// <param name="endpoint">Where the message goes; its origin is the audience.</param>
    /// <param name="contact">Whom the service may write to: <c>mailto:</c> or <c>https:</c>.</param>
    /// <param name="now">The moment.</param>
    public string Authorization(Uri endpoint, string contact, Instant now)
    {
        var claims = JsonSerializer.Serialize(new
        {
            aud = endpoint.GetLeftPart(UriPartial.Authority),
            exp = (now + GoodFor).ToUnixTimeSeconds(),
            sub = contact,
        });
        var signed = string.Create(
            CultureInfo.InvariantCulture, $"{Part("{\"typ\":\"JWT\",\"alg\":\"ES256\"}")}.{Part(claims)}");
        byte[] signature;
        lock (_gate)
        {
            signature = _key.SignData(
                Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        return $"vapid t={signed}.{Base64Url.Encode(signature)}, k={PublicKey}";
    }

    public void Dispose() => _key.Dispose();

    private static string Part(string json) => Base64Url.Encode(Encoding.UTF8.GetBytes(json));
}
