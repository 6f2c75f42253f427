using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Formats.Asn1;

namespace Busbar.Node.Tls;

/// <summary>
/// The names that a home's own certificate authority may vouch for: names and addresses that mean something inside one home or village
/// alone. Who trusts it need not fear that it speaks for a bank (RFC 5280, 4.2.1.10).
/// </summary>
internal static class HomeNames
{
    private const string NameConstraints = "2.5.29.30";

    private static readonly string[] Domains = ["localhost", "local", "lan", "home.arpa", "internal"];

    private static readonly IPNetwork[] Networks =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("::1/128"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"),
    ];

    /// <summary>Whether the authority may vouch for a host name or address.</summary>
    public static bool Allows(string host) => IPAddress.TryParse(host, out var address)
        ? Array.Exists(Networks, network => network.Contains(address))
        : Array.Exists(Domains, domain => string.Equals(host, domain, StringComparison.OrdinalIgnoreCase)
            || host.EndsWith('.' + domain, StringComparison.OrdinalIgnoreCase));

    /// <summary>The extension that binds the authority to these names.</summary>
    public static X509Extension Constraint()
    {
        var dns = new Asn1Tag(TagClass.ContextSpecific, 2);
        var ip = new Asn1Tag(TagClass.ContextSpecific, 7);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        {
            foreach (var domain in Domains)
            {
                using (writer.PushSequence())
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, domain, dns);
            }

            foreach (var network in Networks)
            {
                using (writer.PushSequence())
                    writer.WriteOctetString([.. network.BaseAddress.GetAddressBytes(), .. Mask(network)], ip);
            }
        }

        return new(NameConstraints, writer.Encode(), critical: true);
    }

    private static byte[] Mask(IPNetwork network)
    {
        var mask = new byte[network.BaseAddress.GetAddressBytes().Length];
        for (var bit = 0; bit < network.PrefixLength; bit++)
            mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return mask;
    }
}
