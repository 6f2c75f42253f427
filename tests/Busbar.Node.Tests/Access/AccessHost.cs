using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Domain.Metering;
using Busbar.Node.Access;
using Busbar.Node.Tests.Api;
using Busbar.Store.Sqlite;
using Busbar.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Tests.Access;

/// <summary>The doors of a node on a real socket and a real store, with a ledger and clocks that the test moves.</summary>
internal sealed class AccessHost : IAsyncDisposable
{
    public const ulong ChainId = 35_303;
    public const string Password = "a long pass phrase";

    private readonly Action<RouteGroupBuilder> _more;
    private WebApplication? _app;
    private SqliteStore? _store;

    private AccessHost(Action<RouteGroupBuilder> more) => _more = more;

    public string Folder { get; } = Directory.CreateTempSubdirectory("busbar-access-").FullName;

    public ManualTimeProvider Time { get; } = new();

    public FakeLedger Ledger { get; } = new();

    public RecordedLogs Logs { get; } = new();

    public AccessOptions Options { get; set; } = new() { ChainId = ChainId, Community = "Test village", PasswordRounds = 1000 };

    public AccessDesk Desk { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public SqliteStore Store => _store!;

    public static async Task<AccessHost> StartAsync(Func<AccessOptions, AccessOptions>? change = null, Action<RouteGroupBuilder>? more = null)
    {
        var host = new AccessHost(more ?? (_ => { }));
        host.Options = change?.Invoke(host.Options) ?? host.Options;
        await host.OpenAsync();
        return host;
    }

    public async Task OpenAsync()
    {
        _store = await SqliteStore.OpenAsync(Folder, Time, null, default);
        Desk = await AccessDesk.OpenAsync(
            _store, Options, Ledger, new NoPremisesBook(), new CommunityClock(Time), Time, Logs, default);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Desk);
        builder.Services.AddProblemDetails();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.UseRouting();
        _app.Use((context, next) => AccessGate.RequireAsync(context, next, Desk.Callers));
        var api = _app.MapGroup("/api/v1");
        AccessRoutes.Map(api);
        _more(api);
        await _app.StartAsync();
        Address = new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async Task CloseAsync()
    {
        await _app!.DisposeAsync();
        Desk.Dispose();
        await _store!.DisposeAsync();
    }

    /// <summary>Every address with a row, by method.</summary>
    public IEnumerable<(string Method, string Path, AccessRow Row)> Endpoints() =>
        from endpoint in _app!.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let row = endpoint.Metadata.GetMetadata<AccessRow>()
        where row is not null
        from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        select (method, endpoint.RoutePattern.RawText!, row);

    public AccessClient Client() => new(Address);

    /// <summary>A browser that is signed in with a wallet.</summary>
    public async Task<AccessClient> WalletAsync(PrivateKey key)
    {
        var client = Client();
        await client.SignInAsync(key);
        return client;
    }

    /// <summary>A browser that is signed in with a new account by an invitation of a kind.</summary>
    public async Task<AccessClient> InvitedAsync(Store.Accounts.InvitationKind kind, string name)
    {
        var made = await Desk.Invitations.MakeAsync(new(kind, name), [], default);
        var client = Client();
        await client.TakeAsync(await client.PostAsync("accounts", new { invitation = made.Value!.Code, name, password = Password }));
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private sealed class CommunityClock(TimeProvider time) : IClock
    {
        public Instant GetCurrentInstant() => Instant.FromDateTimeOffset(time.GetUtcNow());
    }
}

/// <summary>A ledger that says what the test says.</summary>
internal sealed class FakeLedger : ILedgerRoles
{
    private readonly ConcurrentDictionary<Address, LedgerStanding> _standings = [];

    public void Say(Address address, IEnumerable<Role> roles, params PremisesId[] premises) =>
        _standings[address] = new([.. roles], premises.ToFrozenSet());

    public LedgerStanding RolesOf(Address address, Instant at) => _standings.GetValueOrDefault(address, LedgerStanding.None);
}

/// <summary>Everything that was logged, as text.</summary>
internal sealed class RecordedLogs : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(int Id, string Text)> Lines { get; } = [];

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((eventId.Id, formatter(state, exception) + exception));
}

/// <summary>A browser: keeps its cookie and sends the token that it read.</summary>
internal sealed class AccessClient : IDisposable
{
    private readonly HttpClient _http;

    public AccessClient(Uri address)
    {
        _http = new(new DescribedAnswers(new HttpClientHandler { CookieContainer = Cookies })) { BaseAddress = new(address, "/api/v1/") };
        Address = address;
    }

    public System.Net.CookieContainer Cookies { get; } = new();

    public Uri Address { get; }

    public string Csrf { get; set; } = "";

    public static string Message(JsonElement nonce, Address address, Func<string, string>? change = null)
    {
        string Field(string name) => nonce.GetProperty(name).ToString();
        var text = $"{Field("domain")} wants you to sign in with your Ethereum account:\n{address}\n\n{Field("statement")}\n\nURI: {Field("uri")}\n"
            + $"Version: 1\nChain ID: {Field("chainId")}\nNonce: {Field("nonce")}\nIssued At: {Field("issuedAt")}\nExpiration Time: {Field("expirationTime")}";
        return change?.Invoke(text) ?? text;
    }

    public static string Sign(PrivateKey key, string text) => key.Sign(PersonalMessage.HashOf(text)).ToString();

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<HttpResponseMessage> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    public Task<HttpResponseMessage> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, body);

    public Task<HttpResponseMessage> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is string raw)
            request.Content = new StringContent(raw, Encoding.UTF8, "application/json");
        else if (body is not null)
            request.Content = JsonContent.Create(body);
        if (Csrf.Length > 0)
            request.Headers.Add("X-Busbar-Csrf", Csrf);
        change?.Invoke(request);
        return await _http.SendAsync(request);
    }

    /// <summary>The body of a success, whose token it keeps when it is a session.</summary>
    public async Task<JsonElement> TakeAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
        answer.Dispose();
        if (text.Length == 0)
            return default;
        var body = JsonSerializer.Deserialize<JsonElement>(text);
        if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty("csrf", out var csrf))
            Csrf = csrf.GetString()!;
        return body;
    }

    /// <summary>Status and code of a refusal.</summary>
    public static async Task<(int Status, string Code)> RefusalAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return ((int)answer.StatusCode, body.GetProperty("code").GetString()!);
        }
    }

    public async Task<JsonElement> NonceAsync() => await TakeAsync(await PostAsync("session/nonce", new { }));

    public async Task<JsonElement> SessionAsync() => await TakeAsync(await GetAsync("session"));

    public async Task<JsonElement> SignInAsync(PrivateKey key)
    {
        var message = Message(await NonceAsync(), key.Address);
        return await TakeAsync(await PostAsync("session/wallet", new { message, signature = Sign(key, message) }));
    }

    public Task<HttpResponseMessage> SignInAsync(string name, string password) => PostAsync("session/password", new { name, password });

    public void Dispose() => _http.Dispose();
}
