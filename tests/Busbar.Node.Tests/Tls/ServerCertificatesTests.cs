using Busbar.Node.Clock;
using Busbar.Node.Community;
using Busbar.Node.Tests.Testing;
using Busbar.Node.Tls;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Tests.Tls;

/// <summary>Which certificate the page is served with, over the years, and what is wrong with one that is not taken.</summary>
public sealed class ServerCertificatesTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 6, 21, 0, 0);
    private static readonly Duration Day = Duration.FromDays(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-tls-").FullName;
    private readonly NodeKeys _keys = NodeKeys.ForDemonstration(7);
    private readonly SteppedClock _clock = new(Now);
    private readonly GivenFiles _given = new();
    private readonly NodeLog _log = new();

    public void Dispose()
    {
        _keys.Dispose();
        _given.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void OwnAuthority_LongBeforeTheEnd_MadeAnew()
    {
        using var certificates = Open("busbar.local", isGiven: false);
        var first = Serial(certificates);

        _clock.MoveTo(Now + (336 * Day));
        Assert.Equal(first, Serial(certificates));
        _clock.MoveTo(Now + (338 * Day));
        var second = Serial(certificates);

        Assert.NotEqual(first, second, StringComparer.Ordinal);
        Assert.True(certificates.Current().TargetCertificate.NotAfter > Now.ToDateTimeUtc().AddDays(700));
        using var restarted = Open("busbar.local", isGiven: false);
        Assert.Equal(second, Serial(restarted));
    }

    [Fact]
    public void Given_Good_Served()
    {
        var serial = _given.Write(Now - Day, Now + (90 * Day), "village.example");
        using var certificates = Open("village.example", isGiven: true);

        Assert.Equal(serial, Serial(certificates));
        Assert.Null(certificates.Authority);
        Assert.Single(certificates.Current().IntermediateCertificates);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("no file", "cannot be read")]
    [InlineData("no certificate in it", "cannot be read")]
    [InlineData("another's key", "cannot be read")]
    [InlineData("others may read the key", "chmod 600")]
    [InlineData("ended", "ended at 2026-06-20")]
    [InlineData("not good yet", "good from 2026-06-22")]
    [InlineData("for another name", "does not name village.example")]
    public void Given_Unusable_RefusedByName(string trouble, string said)
    {
        _ = trouble switch
        {
            "ended" => _given.Write(Now - (30 * Day), Now - Day, "village.example"),
            "not good yet" => _given.Write(Now + Day, Now + (30 * Day), "village.example"),
            "for another name" => _given.Write(Now - Day, Now + Day, "town.example", "example"),
            _ => _given.Write(Now - Day, Now + Day, "village.example"),
        };
        if (trouble == "no file")
            File.Delete(_given.Chain);
        if (trouble == "no certificate in it")
            File.WriteAllText(_given.Chain, "nothing");
        if (trouble == "another's key")
            _given.WriteOtherKey();
        if (trouble == "others may read the key" && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(_given.Key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var refused = Assert.Throws<NodeStartException>(() => Open("village.example", isGiven: true));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_ReplacedOnDisk_ServedWithinSixHours()
    {
        var before = _given.Write(Now - Day, Now + (30 * Day), "village.example");
        using var certificates = Open("village.example", isGiven: true);
        var after = _given.Write(Now - Day, Now + (90 * Day), "village.example");

        _clock.MoveTo(Now + Duration.FromHours(5));
        Assert.Equal(before, Serial(certificates));
        _clock.MoveTo(Now + Duration.FromHours(6));
        Assert.Equal(after, Serial(certificates));
        Assert.Empty(_log.Errors);
    }

    [Fact]
    public void Given_ReplacedByWhatCannotBeUsed_GoesOnWithTheOldOneAndSaysSo()
    {
        var serial = _given.Write(Now - Day, Now + (30 * Day), "village.example");
        using var certificates = Open("village.example", isGiven: true);
        _given.WriteOtherKey();

        _clock.MoveTo(Now + Duration.FromHours(6));
        Assert.Equal(serial, Serial(certificates));
        Assert.Contains(_given.Chain, Assert.Single(_log.Errors), StringComparison.Ordinal);
        Assert.Equal(serial, Serial(certificates));
        Assert.Single(_log.Errors);
    }

    private ServerCertificates Open(string host, bool isGiven) => ServerCertificates.Open(
        new() { Hosts = [host], CertificateFile = isGiven ? _given.Chain : null, CertificateKeyFile = isGiven ? _given.Key : null },
        _folder,
        "Test village",
        _keys,
        _clock,
        _log.CreateLogger<ServerCertificates>());

    private static string Serial(ServerCertificates certificates) => certificates.Current().TargetCertificate.SerialNumber;
}
