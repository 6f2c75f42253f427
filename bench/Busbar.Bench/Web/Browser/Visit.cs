using System.Collections.Concurrent;
using System.Text.Json;

namespace Busbar.Bench.Web.Browser;

/// <summary>
/// One first visit: a browser that was never at the page, with its worker. What the network carries is counted as the browser counts it,
/// headers included.
/// </summary>
internal sealed class Visit : IAsyncDisposable
{
    private const string Stream = "/api/v1/live";

    private readonly DevTools _tools;
    private readonly string _context;
    private readonly bool _isSlow;
    private readonly ConcurrentDictionary<string, bool> _isPage = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Session, string Request), string> _paths = new();
    private readonly ConcurrentQueue<(bool IsPage, string Path, double Bytes)> _loaded = new();
    private string _page = "";

    private Visit(DevTools tools, string context, bool isSlow) => (_tools, _context, _isSlow) = (tools, context, isSlow);

    /// <summary>What was loaded: by the page itself or by its worker. What the live stream brings is not in it.</summary>
    public IEnumerable<(bool IsPage, string Path, double Bytes)> Loaded => _loaded;

    /// <param name="tools">The browser.</param>
    /// <param name="isSlow">
    /// As a cheap phone on a poor line: 1.6 Mbit/s down, 750 kbit/s up, 150 ms, a processor of a quarter of this one's speed.
    /// </param>
    /// <param name="script">Run in the page before its own.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Visit> BeginAsync(DevTools tools, bool isSlow, string script, CancellationToken cancellation)
    {
        var made = await tools.AskAsync("Target.createBrowserContext", null, null, cancellation);
        var context = made.GetProperty("browserContextId").GetString()!;
        var visit = new Visit(tools, context, isSlow);
        tools.Told += visit.Take;
        var filter = new object[] { new { type = "service_worker" } };
        await tools.AskAsync(
            "Target.setAutoAttach", new { autoAttach = true, waitForDebuggerOnStart = true, flatten = true, filter }, null, cancellation);
        var target = (await tools.AskAsync("Target.createTarget", new { url = "about:blank", browserContextId = context }, null, cancellation))
            .GetProperty("targetId").GetString();
        var attached = await tools.AskAsync("Target.attachToTarget", new { targetId = target, flatten = true }, null, cancellation);
        visit._page = attached.GetProperty("sessionId").GetString()!;
        await visit.PrepareAsync(visit._page, isPage: true, cancellation);
        await visit.AskAsync("Page.enable", null, cancellation);
        await visit.AskAsync("Page.addScriptToEvaluateOnNewDocument", new { source = script }, cancellation);
        if (isSlow)
            await visit.AskAsync("Emulation.setCPUThrottlingRate", new { rate = 4 }, cancellation);
        return visit;
    }

    /// <summary>Opens an address; does not wait until it is there.</summary>
    public Task OpenAsync(Uri address, CancellationToken cancellation) =>
        AskAsync("Page.navigate", new { url = address.ToString() }, cancellation);

    /// <summary>What an expression gives in the page, once it is there if it is a promise.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression, CancellationToken cancellation)
    {
        var given = await AskAsync("Runtime.evaluate", new { expression, awaitPromise = true, returnByValue = true }, cancellation);
        if (given.TryGetProperty("exceptionDetails", out var fault))
            throw new InvalidOperationException($"the page: {fault.GetRawText()}");
        return given.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        _tools.Told -= Take;
        await _tools.AskAsync("Target.disposeBrowserContext", new { browserContextId = _context }, null, CancellationToken.None);
    }

    private Task<JsonElement> AskAsync(string method, object? values, CancellationToken cancellation) =>
        _tools.AskAsync(method, values, _page, cancellation);

    private async Task PrepareAsync(string session, bool isPage, CancellationToken cancellation)
    {
        _isPage[session] = isPage;
        await _tools.AskAsync("Network.enable", null, session, cancellation);
        if (_isSlow)
        {
            const double Down = 1_600_000 / 8.0;
            const double Up = 750_000 / 8.0;
            await _tools.AskAsync(
                "Network.emulateNetworkConditions",
                new { offline = false, latency = 150, downloadThroughput = Down, uploadThroughput = Up },
                session,
                cancellation);
        }
    }

    private void Take(BrowserEvent told)
    {
        if (told.Name == "Target.attachedToTarget"
            && told.Values.GetProperty("targetInfo").GetProperty("type").GetString() == "service_worker")
            _ = TakeWorkerAsync(told.Values.GetProperty("sessionId").GetString()!);
        if (told.Session is not { } session
            || !_isPage.TryGetValue(session, out var isPage)
            || !told.Values.TryGetProperty("requestId", out var id))
            return;
        var request = (session, id.GetString()!);
        if (told.Name == "Network.requestWillBeSent")
            _paths[request] = new Uri(told.Values.GetProperty("request").GetProperty("url").GetString()!).AbsolutePath;
        else if (told.Name == "Network.loadingFinished" && _paths.TryGetValue(request, out var path) && path != Stream)
            _loaded.Enqueue((isPage, path, told.Values.GetProperty("encodedDataLength").GetDouble()));
    }

    private async Task TakeWorkerAsync(string session)
    {
        await PrepareAsync(session, isPage: false, CancellationToken.None);
        await _tools.AskAsync("Runtime.runIfWaitingForDebugger", null, session, CancellationToken.None);
    }
}
