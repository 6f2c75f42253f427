using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Busbar.Node.Community;
using Busbar.Node.Tls;
using NodaTime;

namespace Busbar.Node.Tests.Tls;

/// <summary>A home's own authority: what it signs holds for those who trust it, and it can vouch for nothing outside the home.</summary>
public sealed class HomeAuthorityTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 6, 21, 0, 0);

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("busbar-tls-").FullName, "tls");
    private readonly NodeKeys _keys = NodeKeys.ForDemonstration(7);

    public void Dispose()
    {
        _keys.Dispose();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    [Fact]
    public void Certificate_TrustingTheAuthorityAlone_Holds()
    {
        using var authority = Open();
        using var server = authority.ServerCertificate(["busbar.local", "192.168.1.10", "fd00::7"], Now);

        Assert.Equal(X509ChainStatusFlags.NoError, Judge(server));
        Assert.True(server.MatchesHostname("busbar.local") && server.MatchesHostname("192.168.1.10") && server.MatchesHostname("fd00::7"));
        Assert.False(server.MatchesHostname("other.local"));
        Assert.True(server.NotAfter - server.NotBefore <= TimeSpan.FromDays(398));
    }

    [Theory]
    [InlineData("busbar.local", true)]
    [InlineData("a.b.home.arpa", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("fd12::1", true)]
    [InlineData("bank.example", false)]
    [InlineData("local.example", false)]
    [InlineData("notlocal", false)]
    [InlineData("8.8.8.8", false)]
    [InlineData("172.32.0.1", false)]
    [InlineData("2001:db8::1", false)]
    public void Key_InWrongHands_VouchesForTheHomeAlone(string name, bool holds)
    {
        using var authority = Open();
        using var stolen = Stolen();
        using var made = Issue(stolen, name, isAuthority: false);

        var judged = Judge(made);
        Assert.Equal(holds ? X509ChainStatusFlags.NoError : X509ChainStatusFlags.HasNotPermittedNameConstraint, judged);
        Assert.Equal(holds, HomeNames.Allows(name));
    }

    [Fact]
    public void Key_InWrongHands_MakesNoFurtherAuthority()
    {
        using var authority = Open();
        using var stolen = Stolen();
        using var further = Issue(stolen, "busbar.local", isAuthority: true);
        using var made = Issue(further, "busbar.local", isAuthority: false);

        Assert.NotEqual(X509ChainStatusFlags.NoError, Judge(made, further));
    }

    [Fact]
    public void Files_Made_TheirOwnersAloneAndTheKeyEncrypted()
    {
        using var authority = Open();
        using var server = authority.ServerCertificate(["busbar.local"], Now);

        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", File.ReadAllText(Of("authority.key")), StringComparison.Ordinal);
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
        foreach (var file in (string[])["authority.key", "authority.crt", "server.pfx"])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Of(file)));
    }

    [Fact]
    public void Authority_OpenedAgain_TheSameAndItsCertificateToo()
    {
        using var first = Open();
        using var served = first.ServerCertificate(["busbar.local"], Now);
        using var again = Open(Now + Duration.FromDays(200));
        using var later = again.ServerCertificate(["busbar.local"], Now + Duration.FromDays(200));

        Assert.Equal(first.Fingerprint, again.Fingerprint);
        Assert.Equal(served.SerialNumber, later.SerialNumber);
        Assert.Equal(first.Certificate, again.Certificate);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(first.Certificate)), first.Fingerprint.Replace(":", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Certificate_ForFurtherNames_MadeAnew()
    {
        using var authority = Open();
        using var one = authority.ServerCertificate(["busbar.local"], Now);
        using var two = authority.ServerCertificate(["busbar.local", "10.0.0.1"], Now);

        Assert.NotEqual(one.SerialNumber, two.SerialNumber, StringComparer.Ordinal);
        Assert.True(two.MatchesHostname("10.0.0.1"));
    }

    [Fact]
    public void Certificate_OfAnAuthorityThatWasReplaced_NotServed()
    {
        using (var before = Open())
            before.ServerCertificate(["busbar.local"], Now).Dispose();
        File.Delete(Of("authority.crt"));
        File.Delete(Of("authority.key"));
        using var authority = Open();
        using var server = authority.ServerCertificate(["busbar.local"], Now);

        Assert.Equal(X509ChainStatusFlags.NoError, Judge(server));
    }

    [Theory]
    [InlineData("bank.example")]
    [InlineData("8.8.8.8")]
    public void Certificate_ForAForeignName_RefusedByName(string host)
    {
        using var authority = Open();
        var refused = Assert.Throws<NodeStartException>(() => authority.ServerCertificate(["busbar.local", host], Now));
        Assert.Contains(host, refused.Message, StringComparison.Ordinal);
        Assert.Contains("--certificate", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the key is missing", "missing")]
    [InlineData("other keys of the node", "cannot be opened")]
    [InlineData("a damaged key", "cannot be opened")]
    [InlineData("ten years later", "has ended")]
    public void Authority_ThatCannotGoOn_RefusedByName(string trouble, string said)
    {
        Open().Dispose();
        using var others = NodeKeys.ForDemonstration(8);
        if (trouble == "the key is missing")
            File.Delete(Of("authority.key"));
        if (trouble == "a damaged key")
            File.WriteAllText(Of("authority.key"), File.ReadAllText(Of("authority.key"))[..200]);

        var refused = Assert.Throws<NodeStartException>(() => HomeAuthority.OpenOrCreate(
            _folder, "Test village", trouble == "other keys of the node" ? others : _keys, trouble == "ten years later" ? Now + Duration.FromDays(3651) : Now));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Contains("trust", refused.Message, StringComparison.Ordinal);
    }

    private HomeAuthority Open(Instant? at = null) => HomeAuthority.OpenOrCreate(_folder, "Test village", _keys, at ?? Now);

    private string Of(string name) => Path.Combine(_folder, name);

    // What somebody has who got at the folder and the node's keys.
    private X509Certificate2 Stolen() => X509Certificate2.CreateFromEncryptedPemFile(
        Of("authority.crt"), _keys.Derive("certificate authority").ToString(), Of("authority.key"));

    private static X509Certificate2 Issue(X509Certificate2 issuer, string name, bool isAuthority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=somebody", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = Now.ToDateTimeOffset();
        using var made = request.Create(issuer, now.AddHours(-1), now.AddDays(30), [1, 2, 3, 4]);
        return made.CopyWithPrivateKey(key);
    }

    private X509ChainStatusFlags Judge(X509Certificate2 certificate, params X509Certificate2[] between)
    {
        using var root = X509CertificateLoader.LoadCertificateFromFile(Of("authority.crt"));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.ExtraStore.AddRange(between);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Now.ToDateTimeUtc().AddMinutes(1);
        chain.Build(certificate);
        return chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
    }
}
