using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Busbar.Node.Community;
using Busbar.Node.Notifications.Mail;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Busbar.Node.Notifications;

/// <summary>The set-up of notifications as a YAML file; <c>docs/notifications.md</c> has an example.</summary>
public static class NotificationFile
{
    private const long MostBytes = 256 * 1024;

    /// <summary>Reads and checks a file, and the files that it names.</summary>
    /// <exception cref="NodeStartException">It is missing or wrong; the message tells where and what is expected, and no secret.</exception>
    public static NotificationOptions Read(string path)
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: <= MostBytes })
                throw new NodeStartException($"{path} is missing, or larger than {MostBytes} bytes; docs/notifications.md shows how it looks");
            var form = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build()
                .Deserialize<Form?>(File.ReadAllText(path));
            return (form ?? new()).ToOptions(path);
        }
        catch (YamlException wrong)
        {
            throw new NodeStartException($"{path}, line {wrong.Start.Line}: {wrong.InnerException?.Message ?? wrong.Message}", wrong);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new NodeStartException($"{path}: {wrong.Message}", wrong);
        }
    }

    private static string Beside(string path, string file) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, file);

    private sealed class Form
    {
        public string? PublicAddress { get; set; }

        public string? PushContact { get; set; }

        public List<string> OpenedNetworks { get; set; } = [];

        public bool AllowLoopback { get; set; }

        public string? AuthorityFile { get; set; }

        public MailForm? Mail { get; set; }

        public NotificationOptions ToOptions(string path)
        {
            Uri? page = null;
            if (PublicAddress is not null && (!Uri.TryCreate(PublicAddress, UriKind.Absolute, out page) || page.Scheme is not ("https" or "http")))
                throw new NodeStartException($"{path}: publicAddress is an address such as https://village.example.org");
            if (PushContact is not null && !PushContact.StartsWith("mailto:", StringComparison.Ordinal)
                && !PushContact.StartsWith("https://", StringComparison.Ordinal))
                throw new NodeStartException($"{path}: pushContact begins with mailto: or https://");
            return new()
            {
                PublicAddress = page,
                PushContact = PushContact,
                Rules = new() { AllowLoopback = AllowLoopback, Opened = [.. OpenedNetworks.Select(network => Network(path, network))] },
                Authority = Certificate(path, AuthorityFile),
                Mail = Mail?.ToOptions(path),
                RetrySeed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
            };
        }

        public static X509Certificate2? Certificate(string path, string? file) =>
            file is null ? null : X509CertificateLoader.LoadCertificateFromFile(Beside(path, file));

        private static IPNetwork Network(string path, string text) => IPNetwork.TryParse(text, out var network)
            ? network
            : throw new NodeStartException($"{path}: openedNetworks has networks such as 192.168.1.0/24, not {text}");
    }

    private sealed class MailForm
    {
        public string? Host { get; set; }

        public int? Port { get; set; }

        public string Security { get; set; } = "startTls";

        public string? From { get; set; }

        public string? User { get; set; }

        public string? PasswordFile { get; set; }

        public string? AuthorityFile { get; set; }

        public bool AllowPlain { get; set; }

        public MailOptions ToOptions(string path)
        {
            if (string.IsNullOrWhiteSpace(Host))
                throw new NodeStartException($"{path}: mail needs host, the mail server's name");
            if (!MailAddress.TryParse(From, out var from))
                throw new NodeStartException($"{path}: mail needs from, the address that mails come from");
            if (!Enum.TryParse<MailSecurity>(Security, ignoreCase: true, out var security) || !Enum.IsDefined(security))
                throw new NodeStartException($"{path}: security of mail is startTls, tls or plain, not {Security}");
            if (Port is < 1 or > 65_535)
                throw new NodeStartException($"{path}: port of mail is 1 to 65535");
            if (User is null != PasswordFile is null)
                throw new NodeStartException($"{path}: mail has user and passwordFile, or neither");
            return new()
            {
                Host = Host,
                Port = Port ?? (security switch { MailSecurity.Tls => 465, MailSecurity.Plain => 25, _ => 587 }),
                Security = security,
                AllowPlain = AllowPlain,
                From = from,
                User = User,
                Password = PasswordFile is null ? null : Password(path, Beside(path, PasswordFile)),
                Authority = Form.Certificate(path, AuthorityFile),
            };
        }

        private static string Password(string path, string file)
        {
            const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
            if ((File.GetUnixFileMode(file) & Others) != UnixFileMode.None)
                throw new NodeStartException($"{path}: {file} can be read by everybody; take that away with chmod 600");
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
    }
}
