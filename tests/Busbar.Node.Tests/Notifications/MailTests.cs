using System.Text;
using System.Text.Json;
using Busbar.Domain.Notifications;
using Busbar.Node.Notifications;
using Busbar.Node.Notifications.Mail;
using Busbar.Tests;

namespace Busbar.Node.Tests.Notifications;

/// <summary>Mails against a real server, read back by a parser that is not ours.</summary>
public sealed class MailTests : IDisposable
{
    private readonly OwnCertificate _certificate = new();

    public void Dispose() => _certificate.Dispose();

    [SmtpFact]
    public async Task Deliver_OverStartTlsWithPlainLogin_ArrivesWholeInHindi()
    {
        await using var server = await SmtpServer.StartAsync(new
        {
            starttls = true,
            auth = new[] { "PLAIN" },
            user = "node",
            password = "a long secret",
            key = _certificate.KeyFile,
            cert = _certificate.CertificateFile,
        });
        var delivery = Mail("asha@example.org", NotificationLanguage.Hindi, Samples.Silent(1, "घर एक 😀"));

        var outcome = await Channel(Options(server, MailSecurity.StartTls)).DeliverAsync(delivery, Samples.Text(delivery), default);

        Assert.IsType<DeliveryOutcome.Accepted>(outcome);
        var mail = await server.MailAsync();
        var text = Samples.Text(delivery);
        Assert.True(mail.GetProperty("secure").GetBoolean());
        Assert.Equal("PLAIN", Text(mail, "user"));
        Assert.Equal("node@village.example.org", Text(mail, "sender"));
        Assert.Equal("asha@example.org", mail.GetProperty("receivers")[0].GetString());
        Assert.Equal(text.Subject, Text(mail, "subject"));
        Assert.Equal("Ground floor, \"A\" <b@example.org>", mail.GetProperty("from").GetProperty("name").GetString());
        Assert.Equal("node@village.example.org", mail.GetProperty("from").GetProperty("address").GetString());
        Assert.Equal($"<{delivery.Id.Token}@village.example.org>", Text(mail, "messageId"));
        Assert.Contains(text.Body, Text(mail, "text"), StringComparison.Ordinal);
        Assert.Contains("https://village.example.org/devices", Text(mail, "text"), StringComparison.Ordinal);
        Assert.Contains("<html lang=\"hi\">", Text(mail, "html"), StringComparison.Ordinal);
        var headers = mail.GetProperty("headers");
        Assert.Equal("<https://village.example.org/settings>", Text(headers, "list-unsubscribe"));
        Assert.Equal("auto-generated", Text(headers, "auto-submitted"));
        Assert.All(
            Encoding.ASCII.GetString(Convert.FromBase64String(Text(mail, "raw"))).Split("\r\n"), line => Assert.True(line.Length <= 78, line));
    }

    [SmtpFact]
    public async Task Deliver_OverTlsWithLogin_ComesIn()
    {
        await using var server = await SmtpServer.StartAsync(new
        {
            secure = true,
            auth = new[] { "LOGIN" },
            user = "node",
            password = "a long secret",
            key = _certificate.KeyFile,
            cert = _certificate.CertificateFile,
        });

        Assert.IsType<DeliveryOutcome.Accepted>(await DeliverAsync(Options(server, MailSecurity.Tls), "asha@example.org"));

        Assert.Equal("LOGIN", Text(await server.MailAsync(), "user"));
    }

    [SmtpFact]
    public async Task Deliver_WrongPassword_IsKeptForALaterTryAndTheSecretIsInNoText()
    {
        await using var server = await SmtpServer.StartAsync(new { auth = new[] { "PLAIN" }, user = "node", password = "another" });

        var later = Assert.IsType<DeliveryOutcome.Later>(await DeliverAsync(Options(server, MailSecurity.Plain), "asha@example.org"));

        Assert.Contains("name and password", later.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("a long secret", later.Reason + Options(server, MailSecurity.Plain), StringComparison.Ordinal);
    }

    [SmtpFact]
    public async Task Deliver_CertificateOfAnUnknownAuthority_SendsNothing()
    {
        await using var server = await SmtpServer.StartAsync(
            new { starttls = true, key = _certificate.KeyFile, cert = _certificate.CertificateFile });
        var options = Options(server, MailSecurity.StartTls) with { Authority = null, User = null };

        var later = Assert.IsType<DeliveryOutcome.Later>(await DeliverAsync(options, "asha@example.org"));

        Assert.Contains("not trusted", later.Reason, StringComparison.Ordinal);
    }

    [SmtpFact]
    public async Task Deliver_ServerWithoutStartTls_SendsNothing()
    {
        await using var server = await SmtpServer.StartAsync(new { });

        var later = Assert.IsType<DeliveryOutcome.Later>(await DeliverAsync(Options(server, MailSecurity.StartTls), "asha@example.org"));

        Assert.Contains("does not offer STARTTLS", later.Reason, StringComparison.Ordinal);
    }

    [SmtpFact]
    public async Task Deliver_ReceiverRefused_ForNowOrForGood()
    {
        await using var server = await SmtpServer.StartAsync(new { });
        var options = Options(server, MailSecurity.Plain) with { User = null };

        Assert.Contains("451", Assert.IsType<DeliveryOutcome.Later>(await DeliverAsync(options, "later@example.org")).Reason, StringComparison.Ordinal);
        Assert.Contains("550", Assert.IsType<DeliveryOutcome.Refused>(await DeliverAsync(options, "never@example.org")).Reason, StringComparison.Ordinal);
    }

    [SmtpFact]
    public async Task Deliver_NoAnswerAfterTheMail_IsTriedAgainUnderTheSameName()
    {
        await using var server = await SmtpServer.StartAsync(new { silentAfterData = true });
        var time = new ManualTimeProvider();
        var options = Options(server, MailSecurity.Plain) with { User = null };
        var delivery = Mail("asha@example.org");
        var names = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var sending = Channel(options, time).DeliverAsync(delivery, Samples.Text(delivery), default);
            var mail = await server.MailAsync();
            names.Add(Text(mail, "messageId") + Text(mail, "raw"));
            time.Advance(options.Limit);
            Assert.Contains("no answer", Assert.IsType<DeliveryOutcome.Later>(await sending).Reason, StringComparison.Ordinal);
        }

        Assert.Equal(names[0], names[1]);
    }

    [SmtpFact]
    public async Task Send_LinesThatBeginWithADot_ArriveAsTheyWere()
    {
        await using var server = await SmtpServer.StartAsync(new { });
        Assert.True(MailAddress.TryParse("asha@example.org", out var to));
        var client = new SmtpClient(Options(server, MailSecurity.Plain) with { User = null }, TimeProvider.System);

        await client.SendAsync(to, "Subject: dots\r\n\r\n.\r\n..two\r\nQUIT\r\n.end"u8.ToArray(), default);

        Assert.Equal(".\n..two\nQUIT\n.end\n", Text(await server.MailAsync(), "text").ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Deliver_NobodyListens_IsKeptForALaterTry()
    {
        using var port = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        port.Start();
        var free = ((System.Net.IPEndPoint)port.LocalEndpoint).Port;
        port.Stop();

        Assert.IsType<DeliveryOutcome.Later>(await DeliverAsync(Options(free, MailSecurity.Plain), "asha@example.org"));
    }

    private Task<DeliveryOutcome> DeliverAsync(MailOptions options, string to)
    {
        var delivery = Mail(to);
        return Channel(options).DeliverAsync(delivery, Samples.Text(delivery), default);
    }

    private static Busbar.Store.Notifications.ClaimedDelivery Mail(
        string to, NotificationLanguage language = NotificationLanguage.English, Notification? notification = null) =>
        Samples.Claimed(new(NotificationChannel.Email, to), language, notification);

    private static MailChannel Channel(MailOptions options, TimeProvider? time = null) => new(
        options, "Ground floor, \"A\" <b@example.org>", new(Samples.India), new Uri("https://village.example.org/settings"), time ?? TimeProvider.System);

    private MailOptions Options(SmtpServer server, MailSecurity security) => Options(server.Port, security);

    private MailOptions Options(int port, MailSecurity security)
    {
        Assert.True(MailAddress.TryParse("node@Village.example.org", out var from));
        return new()
        {
            Host = "localhost",
            Port = port,
            Security = security,
            From = from,
            User = "node",
            Password = "a long secret",
            Authority = _certificate.Authority,
        };
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;
}
