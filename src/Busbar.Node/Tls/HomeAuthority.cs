using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Busbar.Node.Community;
using NodaTime;

namespace Busbar.Node.Tls;

/// <summary>
/// A certificate authority of the home's own, for HTTPS on a network that no public authority vouches for. Its key lies encrypted
/// beside the node's keys; what it may sign is bound by <see cref="HomeNames"/>.
/// </summary>
internal sealed class HomeAuthority : IDisposable
{
    private const string CertificateName = "authority.crt";
    private const string KeyName = "authority.key";
    private const string ServerName = "server.pfx";
    private static readonly Duration Life = Duration.FromDays(3650);

    // Browsers take no server certificate that is good for longer.
    private static readonly Duration ServerLife = Duration.FromDays(397);
    private static readonly Duration RenewBefore = Duration.FromDays(60);

    // A clock that is a little behind must not find the certificate in its future.
    private static readonly Duration Backdating = Duration.FromDays(1);

    private readonly X509Certificate2 _authority;
    private readonly string _folder;
    private readonly string _password;

    private HomeAuthority(X509Certificate2 authority, string folder, string password)
    {
        _authority = authority;
        _folder = folder;
        _password = password;
    }

    /// <summary>The authority's certificate in DER, for people to trust.</summary>
    public byte[] Certificate => _authority.RawData;

    /// <summary>What a person compares before trusting it: SHA-256 in pairs of digits.</summary>
    public string Fingerprint => string.Join(':', _authority.GetCertHash(HashAlgorithmName.SHA256).Select(one => one.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Opens the authority of a folder, or makes one.</summary>
    /// <param name="folder">Where its files lie.</param>
    /// <param name="community">The community's name, which the certificate shows.</param>
    /// <param name="keys">What its key is encrypted under.</param>
    /// <param name="now">The clock.</param>
    /// <exception cref="NodeStartException">Its files cannot be read with this node's keys.</exception>
    public static HomeAuthority OpenOrCreate(string folder, string community, NodeKeys keys, Instant now)
    {
        var password = keys.Derive("certificate authority").ToString();
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var (certificate, key) = (Path.Combine(folder, CertificateName), Path.Combine(folder, KeyName));
        // The key is written first: a set-up that was cut off leaves no certificate, which nobody can have trusted yet.
        if (!File.Exists(certificate))
            Create(certificate, key, community, password, now);
        if (!File.Exists(key))
            throw new NodeStartException(
                $"{key} is missing; restore {folder} from a backup, or remove it and have everybody trust the new authority");
        try
        {
            var authority = X509Certificate2.CreateFromEncryptedPemFile(certificate, password, key);
            if (Instant.FromDateTimeUtc(authority.NotAfter.ToUniversalTime()) <= now)
                throw new NodeStartException(
                    $"the authority {certificate} has ended; remove {folder} and have everybody trust the new authority");
            return new(authority, folder, password);
        }
        catch (CryptographicException exception)
        {
            throw new NodeStartException($"{key} cannot be opened with this node's keys; restore {folder} from a backup, or remove it and trust the new authority", exception);
        }
    }

    /// <summary>The server's certificate for some names: the one that is there, or a new one when names or time ask for it.</summary>
    /// <exception cref="NodeStartException">A name is not one that this authority may vouch for.</exception>
    public X509Certificate2 ServerCertificate(IReadOnlyList<string> hosts, Instant now)
    {
        if (hosts.FirstOrDefault(host => !HomeNames.Allows(host)) is { } foreign)
        {
            throw new NodeStartException(
                $"the home's own authority does not vouch for {foreign}: use a name such as busbar.local or a private address, or give a certificate with --certificate");
        }

        var file = Path.Combine(_folder, ServerName);
        if (File.Exists(file) && Open(file) is { } there)
        {
            if (IsGood(there, hosts, now))
                return there;
            there.Dispose();
        }

        using var made = Issue(hosts, now);
        var bytes = made.Export(X509ContentType.Pfx, _password);
        PrivateFile.Write(file, bytes);
        return X509CertificateLoader.LoadPkcs12(bytes, _password);
    }

    /// <inheritdoc />
    public void Dispose() => _authority.Dispose();

    private static void Create(string certificateFile, string keyFile, string community, string password, Instant now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName($"Busbar home authority of {community[..Math.Min(community.Length, 30)]}");
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(HomeNames.Constraint());
        using var certificate = request.CreateSelfSigned((now - Backdating).ToDateTimeOffset(), (now + Life).ToDateTimeOffset());
        var cost = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 100_000);
        PrivateFile.Write(keyFile, System.Text.Encoding.ASCII.GetBytes(key.ExportEncryptedPkcs8PrivateKeyPem(password, cost)));
        PrivateFile.Write(certificateFile, System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
    }

    private bool IsGood(X509Certificate2 certificate, IReadOnlyList<string> hosts, Instant now) =>
        Instant.FromDateTimeUtc(certificate.NotAfter.ToUniversalTime()) - now > RenewBefore
        && Instant.FromDateTimeUtc(certificate.NotBefore.ToUniversalTime()) <= now
        && IsOurs(certificate)
        && hosts.All(host => certificate.MatchesHostname(host, allowWildcards: false, allowCommonName: false));

    private bool IsOurs(X509Certificate2 certificate)
    {
        var issuer = certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;
        var own = _authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().First().SubjectKeyIdentifierBytes;
        return issuer is { } told && told.Span.SequenceEqual(own.Span);
    }

    private X509Certificate2 Issue(IReadOnlyList<string> hosts, Instant now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hosts[0]}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var until = Instant.Min(now + ServerLife, Instant.FromDateTimeUtc(_authority.NotAfter.ToUniversalTime()));
        using var certificate = request.Create(
            _authority, (now - Backdating).ToDateTimeOffset(), until.ToDateTimeOffset(), RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    private X509Certificate2? Open(string file)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12FromFile(file, _password);
        }
        catch (CryptographicException)
        {
            // Nothing depends on this one: a new one is made.
            return null;
        }
    }
}
