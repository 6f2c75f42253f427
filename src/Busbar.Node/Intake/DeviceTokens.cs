using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Busbar.Domain.Metering;

namespace Busbar.Node.Intake;

/// <summary>
/// The tokens that devices connect with: an HMAC of the meter under the node's own key, so that none needs to be stored and
/// none can be guessed. A token only opens the device's own topics; what it sends is believed for its signature alone.
/// </summary>
public sealed class DeviceTokens(ReadOnlyMemory<byte> key)
{
    private static readonly byte[] Purpose = Encoding.ASCII.GetBytes("Busbar Device Token v1 ");

    /// <summary>The tokens of a node.</summary>
    public static DeviceTokens Of(Community.NodeKeys keys) => new(keys.Derive("device tokens").ToArray());

    /// <summary>The token of a meter, 43 characters of base64url.</summary>
    public string For(MeterId meter)
    {
        Span<byte> form = stackalloc byte[Purpose.Length + 20];
        Purpose.CopyTo(form);
        meter.Key.CopyTo(form[Purpose.Length..]);
        return Base64Url.EncodeToString(HMACSHA256.HashData(key.Span, form));
    }

    /// <summary>Whether a token is that of a meter; takes the same time whatever differs.</summary>
    public bool IsValid(MeterId meter, ReadOnlySpan<byte> token)
    {
        Span<byte> expected = stackalloc byte[43];
        Encoding.ASCII.GetBytes(For(meter), expected);
        return CryptographicOperations.FixedTimeEquals(expected, token);
    }
}
