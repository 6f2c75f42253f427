using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Busbar.Node.Community;
using NodaTime;

namespace Busbar.Node.Tls;

/// <summary>The certificate that the page is served with: the operator's own, or one by the home's authority, made anew before it ends.</summary>
internal sealed class ServerCertificates : IDisposable
{
    private static readonly Duration LookEvery = Duration.FromHours(6);

    private readonly Lock _lock = new();
    private readonly HttpsOptions _options;
    private readonly IClock _clock;
    private X509Certificate2 _current;
    private Instant _looked;

    private ServerCertificates(HttpsOptions options, HomeAuthority? authority, IClock clock)
    {
        (_options, Authority, _clock) = (options, authority, clock);
        _looked = clock.GetCurrentInstant();
        _current = authority?.ServerCertificate(options.Hosts, _looked) ?? Read(options);
    }

    /// <summary>The home's own authority; null when the operator gave a certificate.</summary>
    public HomeAuthority? Authority { get; }

    /// <summary>Opens what the options ask for.</summary>
    /// <exception cref="NodeStartException">The certificate cannot be read, or a name cannot be vouched for.</exception>
    public static ServerCertificates Open(HttpsOptions options, string folder, string community, NodeKeys keys, IClock clock) => new(
        options,
        options.CertificateFile is null ? HomeAuthority.OpenOrCreate(folder, community, keys, clock.GetCurrentInstant()) : null,
        clock);

    /// <summary>The certificate for a connection that opens now.</summary>
    public X509Certificate2 Current()
    {
        lock (_lock)
        {
            var now = _clock.GetCurrentInstant();
            if (now - _looked >= LookEvery)
            {
                _looked = now;
                // Connections that are open may still hold the old one; it is collected after them.
                _current = Authority?.ServerCertificate(_options.Hosts, now) ?? Read(_options);
            }

            return _current;
        }
    }

    public void Dispose()
    {
        _current.Dispose();
        Authority?.Dispose();
    }

    private static X509Certificate2 Read(HttpsOptions options)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(options.CertificateFile!, options.CertificateKeyFile);
            // Kestrel wants a key that is not of the moment.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), password: null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new NodeStartException(
                $"the certificate {options.CertificateFile} with the key {options.CertificateKeyFile} cannot be read: {exception.Message}", exception);
        }
    }
}
