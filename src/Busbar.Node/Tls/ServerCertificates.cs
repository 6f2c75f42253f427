using System.Net.Security;
using Busbar.Node.Community;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Tls;

/// <summary>The certificate that the page is served with: the operator's own, or one by the home's authority, made anew before it ends.</summary>
internal sealed partial class ServerCertificates : IDisposable
{
    private static readonly Duration LookEvery = Duration.FromHours(6);

    private readonly Lock _lock = new();
    private readonly HttpsOptions _options;
    private readonly IClock _clock;
    private readonly ILogger _log;
    private SslStreamCertificateContext _current;
    private Instant _looked;

    private ServerCertificates(HttpsOptions options, HomeAuthority? authority, IClock clock, ILogger log)
    {
        (_options, Authority, _clock, _log) = (options, authority, clock, log);
        _looked = clock.GetCurrentInstant();
        _current = Make(_looked);
    }

    /// <summary>The home's own authority; null when the operator gave a certificate.</summary>
    public HomeAuthority? Authority { get; }

    /// <summary>Opens what the options ask for.</summary>
    /// <exception cref="NodeStartException">The certificate cannot be read or used, or a name cannot be vouched for.</exception>
    public static ServerCertificates Open(HttpsOptions options, string folder, string community, NodeKeys keys, IClock clock, ILogger log) => new(
        options,
        options.CertificateFile is null ? HomeAuthority.OpenOrCreate(folder, community, keys, clock.GetCurrentInstant()) : null,
        clock,
        log);

    /// <summary>The certificate, with its chain, for a connection that opens now.</summary>
    public SslStreamCertificateContext Current()
    {
        lock (_lock)
        {
            var now = _clock.GetCurrentInstant();
            if (now - _looked < LookEvery)
                return _current;
            _looked = now;
            try
            {
                // Connections that are open may still hold the old one; it is collected after them.
                _current = Make(now);
            }
            catch (Exception exception) when (exception is NodeStartException or IOException or UnauthorizedAccessException)
            {
                // The one that is there may be good for weeks yet, and without any nobody comes in.
                LogNotRenewed(exception.Message, LookEvery.Hours);
            }

            return _current;
        }
    }

    public void Dispose()
    {
        _current.TargetCertificate.Dispose();
        Authority?.Dispose();
    }

    private SslStreamCertificateContext Make(Instant now) => Authority is null
        ? GivenCertificate.Read(_options, now)
        : SslStreamCertificateContext.Create(Authority.ServerCertificate(_options.Hosts, now), additionalCertificates: null, offline: true);

    [LoggerMessage(1601, LogLevel.Error, "The page goes on with the certificate that it has, and looks again in {Hours} h: {Reason}")]
    private partial void LogNotRenewed(string reason, int hours);
}
