using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Busbar.Node.Community;
using NodaTime;

namespace Busbar.Node.Tls;

/// <summary>A certificate that the operator gives, with the authorities between it and the root that browsers know.</summary>
internal static class GivenCertificate
{
    private const UnixFileMode Others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>Reads it and holds it against what it is to be used for.</summary>
    /// <exception cref="NodeStartException">
    /// A file cannot be read, others may read the key, the two do not belong together, or it is not good now or not for a host.
    /// </exception>
    public static SslStreamCertificateContext Read(HttpsOptions options, Instant now)
    {
        var (file, keyFile) = (options.CertificateFile!, options.CertificateKeyFile ?? options.CertificateFile!);
        try
        {
            if (!OperatingSystem.IsWindows() && (ModeOf(keyFile) & Others) != UnixFileMode.None)
                throw new NodeStartException(
                    $"others may read the key {keyFile}; make it its owner's alone with chmod 600, and a new one if somebody has read it");
            using var pem = X509Certificate2.CreateFromPemFile(file, keyFile);
            Check(pem, file, options.Hosts, now);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            // Kestrel wants a key that is not of the moment.
            var whole = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), password: null);
            return SslStreamCertificateContext.Create(whole, chain, offline: true);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new NodeStartException($"the certificate {file} with the key {keyFile} cannot be read: {exception.Message}", exception);
        }
    }

    private static UnixFileMode ModeOf(string file) =>
        File.GetUnixFileMode(File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file);

    private static void Check(X509Certificate2 certificate, string file, IReadOnlyList<string> hosts, Instant now)
    {
        var from = Instant.FromDateTimeUtc(certificate.NotBefore.ToUniversalTime());
        var until = Instant.FromDateTimeUtc(certificate.NotAfter.ToUniversalTime());
        if (now >= until)
            throw new NodeStartException(
                $"the certificate {file} ended at {until}; renew it, or leave it out for one by the home's own authority");
        if (now < from)
            throw new NodeStartException(
                $"the certificate {file} is good from {from} on, and it is {now}; set the machine's clock right, or give another");
        if (hosts.FirstOrDefault(host => !certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false)) is { } unnamed)
            throw new NodeStartException(
                $"the certificate {file} does not name {unnamed}, so no browser takes it there; give one that does, or another --host");
    }
}
