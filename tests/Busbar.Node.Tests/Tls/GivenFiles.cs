using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NodaTime;

namespace Busbar.Node.Tests.Tls;

/// <summary>A root, an authority under it, and a certificate by that in files, as an operator gets them.</summary>
internal sealed class GivenFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-given-").FullName;
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public GivenFiles()
    {
        var request = new CertificateRequest("CN=a root", _rootKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Root = request.CreateSelfSigned(new(2020, 1, 1, 0, 0, 0, default), new(2050, 1, 1, 0, 0, 0, default));
    }

    public X509Certificate2 Root { get; }

    public string Chain => Path.Combine(_folder, "chain.pem");

    public string Key => Path.Combine(_folder, "key.pem");

    /// <summary>Writes a certificate with the authority above it, and its key; gives its serial number.</summary>
    public string Write(Instant from, Instant until, params string[] names)
    {
        using var betweenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var above = new CertificateRequest("CN=an authority between", betweenKey, HashAlgorithmName.SHA256);
        above.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var bare = above.Create(Root, new DateTimeOffset(2020, 2, 1, 0, 0, 0, default), new DateTimeOffset(2049, 1, 1, 0, 0, 0, default), RandomNumberGenerator.GetBytes(8));
        using var between = bare.CopyWithPrivateKey(betweenKey);
        var request = new CertificateRequest("CN=a village", _key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        using var made = request.Create(between, from.ToDateTimeOffset(), until.ToDateTimeOffset(), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Chain, made.ExportCertificatePem() + "\n" + between.ExportCertificatePem() + "\n");
        WriteKey(_key);
        return made.SerialNumber;
    }

    /// <summary>Puts the key of some other certificate there.</summary>
    public void WriteOtherKey()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        WriteKey(other);
    }

    public void Dispose()
    {
        Root.Dispose();
        _rootKey.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void WriteKey(ECDsa key)
    {
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
