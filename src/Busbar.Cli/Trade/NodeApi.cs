using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Busbar.Cli.Running;

namespace Busbar.Cli.Trade;

/// <summary>The node's HTTP API for one caller; a session that it began ends with it.</summary>
internal sealed class NodeApi : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Uri _node;
    private readonly HttpClient _http;
    private string? _csrf;

    public NodeApi(Uri node)
    {
        _node = node;
        _http = Http.ClientFor(node);
        _http.Timeout = Patience;
        _http.BaseAddress = new(node, "/api/v1/");
    }

    /// <summary>Signs in with a key (EIP-4361), for this node and this chain alone, whatever the node asks to be signed.</summary>
    /// <exception cref="CommandFailure">The node is away or refuses.</exception>
    public async Task SignInAsync(TradeSigner signer, ulong chainId, CancellationToken cancellation)
    {
        var begin = await AskAsync(token => _http.PostAsync("session/nonce", null, token), cancellation);
        var message = string.Create(CultureInfo.InvariantCulture, $"""
            {_node.Authority} wants you to sign in with your Ethereum account:
            {signer.Account}

            {begin.Text("statement")}

            URI: {_node.GetLeftPart(UriPartial.Authority)}/
            Version: 1
            Chain ID: {chainId}
            Nonce: {begin.Text("nonce")}
            Issued At: {begin.Text("issuedAt")}
            Expiration Time: {begin.Text("expirationTime")}
            """).ReplaceLineEndings("\n");
        var form = new { message, signature = signer.SignText(message).ToString() };
        var session = await AskAsync(token => _http.PostAsJsonAsync("session/wallet", form, token), cancellation);
        _csrf = session.Text("csrf");
    }

    /// <summary>Asks for a document.</summary>
    /// <param name="path">Below <c>/api/v1/</c>.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="CommandFailure">The node is away or refuses; the message has its words.</exception>
    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation) =>
        AskAsync(token => _http.GetAsync(new Uri(path, UriKind.Relative), token), cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_csrf is not null)
            await EndAsync(_csrf);
        _http.Dispose();
    }

    // A session that stays open ends by itself when it is not used.
    private async Task EndAsync(string csrf)
    {
        using var end = new HttpRequestMessage(HttpMethod.Delete, new Uri("session", UriKind.Relative));
        end.Headers.Add("X-Busbar-Csrf", csrf);
        try
        {
            using var answer = await _http.SendAsync(end);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            Terminal.Say($"the node did not end the session: {failure.Message}");
        }
    }

    private async Task<JsonElement> AskAsync(Func<CancellationToken, Task<HttpResponseMessage>> ask, CancellationToken cancellation)
    {
        try
        {
            using var answer = await ask(cancellation);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
            return answer.IsSuccessStatusCode ? body
                : throw new CommandFailure($"the node refuses this: {body.Text("detail")} ({body.Text("code")})");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Away($"no answer within {Patience.TotalSeconds:0} s");
        }
        catch (HttpRequestException failure)
        {
            throw Away(failure.Message);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandFailure($"what answers at {_node} is no node of Busbar; give the node's page with --node");
        }
    }

    private CommandFailure Away(string why) =>
        new($"no node answers at {_node} ({why}); nothing was signed. Start it with busbar up, or give its page with --node") { IsTransient = true };
}
