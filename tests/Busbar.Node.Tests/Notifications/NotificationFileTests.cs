using Busbar.Node.Community;
using Busbar.Node.Notifications;
using Busbar.Node.Notifications.Mail;

namespace Busbar.Node.Tests.Notifications;

public sealed class NotificationFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-notify-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_TheExampleOfTheGuide_IsWhole()
    {
        var guide = File.ReadAllText(Path.Combine(Root(), "docs", "notifications.md"));
        var start = guide.IndexOf("```yaml", StringComparison.Ordinal) + "```yaml".Length;
        Password("secret of the mail server\n", UnixFileMode.UserRead);

        var options = Read(guide[start..guide.IndexOf("```", start, StringComparison.Ordinal)]);

        Assert.Equal(("mail.example.org", 587, MailSecurity.StartTls), (options.Mail!.Host, options.Mail.Port, options.Mail.Security));
        Assert.Equal("secret of the mail server", options.Mail.Password);
        Assert.DoesNotContain("secret", $"{options.Mail}", StringComparison.Ordinal);
        Assert.Single(options.Rules.Opened);
    }

    [Theory]
    [InlineData("mail:\n  from: a@example.org", "host")]
    [InlineData("mail:\n  host: h\n  from: nonsense", "from")]
    [InlineData("mail:\n  host: h\n  from: a@example.org\n  security: none", "security")]
    [InlineData("mail:\n  host: h\n  from: a@example.org\n  user: u", "passwordFile")]
    [InlineData("openedNetworks: [all]", "openedNetworks")]
    [InlineData("publicAddress: village", "publicAddress")]
    [InlineData("pushContact: someone", "pushContact")]
    [InlineData("unknown: 1", "unknown")]
    public void Read_SomethingWrong_SaysWhat(string text, string named) =>
        Assert.Contains(named, Assert.Throws<NodeStartException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_PasswordThatEverybodyCanRead_IsRefused()
    {
        Password("secret", UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var refused = Assert.Throws<NodeStartException>(() => Read("mail:\n  host: h\n  from: a@example.org\n  user: u\n  passwordFile: mail.password"));

        Assert.Contains("chmod 600", refused.Message, StringComparison.Ordinal);
    }

    private NotificationOptions Read(string text)
    {
        var path = Path.Combine(_folder, "notifications.yaml");
        File.WriteAllText(path, text);
        return NotificationFile.Read(path);
    }

    private void Password(string text, UnixFileMode mode)
    {
        var path = Path.Combine(_folder, "mail.password");
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
    }

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at!.FullName, "Busbar.slnx")))
            at = at.Parent;
        return at.FullName;
    }
}
