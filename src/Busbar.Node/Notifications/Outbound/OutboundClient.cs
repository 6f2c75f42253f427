using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Busbar.Node.Notifications.Outbound;

/// <summary>
/// An HTTP client for addresses that people give. Each connection is held against the rules after the name was resolved, and goes to
/// the address that was held against them: a name that changes its mind in between gains nothing. No redirects, cookies or proxies.
/// </summary>
internal sealed class OutboundClient : IDisposable
{
    private const int MostAnswer = 64 * 1024;

    private readonly AddressRules _rules;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly HttpClient _client;

    /// <param name="rules">Where requests may go.</param>
    /// <param name="trusted">An authority to trust besides the system's; null for none.</param>
    /// <param name="resolve">Gives a name's addresses; null for the system's.</param>
    public OutboundClient(
        AddressRules rules, X509Certificate2? trusted = null, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        _rules = rules;
        _resolve = resolve ?? Dns.GetHostAddressesAsync;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 16,
            MaxConnectionsPerServer = 4,
            ConnectCallback = ConnectAsync,
        };
        if (trusted is not null)
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = TrustedAuthority.Policy(trusted) };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MostAnswer };
    }

    /// <summary>
    /// Holds an address against the rules without connecting: HTTPS alone (HTTP where the operator opened a network), no name and
    /// password in it, at most 2,000 characters. What the name resolves to is held against them when connecting.
    /// </summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Fault(AddressRules rules, Uri address)
    {
        if (!address.IsAbsoluteUri || address.OriginalString.Length > 2_000)
            return "the address is not absolute, or longer than 2000 characters";
        var hasPlace = rules.AllowLoopback || rules.Opened.Count > 0;
        if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && hasPlace))
            return "the address does not begin with https://";
        if (address.UserInfo.Length > 0 || address.Fragment.Length > 0)
            return "the address holds a user name or a fragment";
        if (address.Host.Length == 0 || address.IsFile || address.IsUnc)
            return "the address names no host";
        return IPAddress.TryParse(address.DnsSafeHost, out var literal) && !rules.IsAllowed(literal)
            ? "the address is in a private network; an operator can open it"
            : null;
    }

    /// <summary>Sends a request and reads status and headers; the answer's body is read up to a size and thrown away.</summary>
    /// <exception cref="OutboundRefusedException">The rules forbid it; nothing was sent.</exception>
    /// <exception cref="HttpRequestException">No answer came.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (Fault(_rules, request.RequestUri!) is { } fault)
            throw new OutboundRefusedException(fault);
        try
        {
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            try
            {
                await DrainAsync(response, cancellation);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
        catch (HttpRequestException failed) when (failed.InnerException is OutboundRefusedException refused)
        {
            throw new OutboundRefusedException(refused.Message);
        }
    }

    public void Dispose() => _client.Dispose();

    // A body that has an end lets the connection be used again; one without is left with its connection.
    private static async Task DrainAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            var buffer = new byte[4096];
            var left = MostAnswer;
            while (left > 0 && await body.ReadAsync(buffer, cancellation) is > 0 and var read)
                left -= read;
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            // The status is the answer; what comes after it is not looked at.
            return;
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var host = context.DnsEndPoint.Host;
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, cancellation);
        var isPlain = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttp;
        var allowed = found.Where(address => isPlain ? _rules.IsOpened(address) : _rules.IsAllowed(address)).ToArray();
        if (allowed.Length == 0 || allowed.Length < found.Length)
            throw new OutboundRefusedException("the address leads to a private network, or is not encrypted; an operator can open it");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
