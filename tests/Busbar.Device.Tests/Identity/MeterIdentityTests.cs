using Busbar.Cryptography;
using Busbar.Device.Identity;
using Busbar.Device.Tests.Testing;

namespace Busbar.Device.Tests.Identity;

public class MeterIdentityTests
{
    private static readonly KeystoreCost Cheap = new(2, 1);

    [Fact]
    public void Open_FirstAndAgain_SameKeyThatSigns()
    {
        using var folder = new TemporaryFolder();
        using var first = MeterIdentity.Open(folder.File("meter"), "secret", Cheap);
        using var again = MeterIdentity.Open(folder.File("meter"), "secret", Cheap);

        Assert.Equal(first.Id, again.Id);
        var reading = TestReadings.Signed(1).Reading with { Meter = again.Id };
        Assert.True(again.Sign(reading, TestReadings.Domain).IsGenuine(TestReadings.Domain, out _));
    }

    [Fact]
    public void Open_TwoMeters_DifferentKeys()
    {
        using var folder = new TemporaryFolder();
        using var one = MeterIdentity.Open(folder.File("1"), "secret", Cheap);
        using var other = MeterIdentity.Open(folder.File("2"), "secret", Cheap);

        Assert.NotEqual(one.Id, other.Id);
    }

    [Fact]
    public void Open_WrongPassword_SaysSoAndKeepsTheKey()
    {
        using var folder = new TemporaryFolder();
        using var first = MeterIdentity.Open(folder.Path, "secret", Cheap);
        var before = File.ReadAllBytes(folder.File(MeterIdentity.FileName));

        var refused = Assert.Throws<KeystoreException>(() => MeterIdentity.Open(folder.Path, "guess", Cheap));

        Assert.Equal(KeystoreRefusal.WrongPassword, refused.Refusal);
        Assert.Equal(before, File.ReadAllBytes(folder.File(MeterIdentity.FileName)));
    }

    [Fact]
    public void Open_NewKey_OnlyTheOwnerReadsItAndItIsNotPlain()
    {
        using var folder = new TemporaryFolder();
        using var identity = MeterIdentity.Open(folder.Path, "secret", Cheap);
        var path = folder.File(MeterIdentity.FileName);

        Assert.Contains("\"crypto\"", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }
}
