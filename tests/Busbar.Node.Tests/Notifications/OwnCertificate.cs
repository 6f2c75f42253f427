using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Busbar.Node.Tests.Notifications;

/// <summary>A certificate for this machine that is its own authority, and its files.</summary>
internal sealed class OwnCertificate : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-cert-").FullName;

    public OwnCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        Server = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        Authority = X509CertificateLoader.LoadCertificate(made.Export(X509ContentType.Cert));
        File.WriteAllText(CertificateFile, made.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Authority { get; }

    public string CertificateFile => Path.Combine(_folder, "cert.pem");

    public string KeyFile => Path.Combine(_folder, "key.pem");

    public void Dispose()
    {
        Server.Dispose();
        Authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
