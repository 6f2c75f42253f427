using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using Busbar.Bench.Running;

namespace Busbar.Bench.Web.Browser;

/// <summary>Something that the browser told by itself.</summary>
/// <param name="Session">The target that it is of; null for the browser's own.</param>
/// <param name="Name">The event, such as <c>Network.loadingFinished</c>.</param>
/// <param name="Values">What it tells.</param>
internal readonly record struct BrowserEvent(string? Session, string Name, JsonElement Values);

/// <summary>
/// This machine's Chromium with a new profile, spoken to by its DevTools protocol: the product carries no browser library for a
/// measurement's sake.
/// </summary>
internal sealed class DevTools : IAsyncDisposable
{
    private static readonly string[] Flags =
    [
        "--headless=new", "--remote-debugging-port=0", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "--lang=en",
    ];

    private readonly Process _process;
    private readonly ScratchFolder _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _asked = new();
    private readonly CancellationTokenSource _closing = new();
    private Task _hearing = Task.CompletedTask;
    private Task _draining = Task.CompletedTask;
    private int _last;

    private DevTools(Process process, ScratchFolder profile) => (_process, _profile) = (process, profile);

    /// <summary>Where the browser is: <c>$BUSBAR_CHROMIUM</c>, else Debian's; null where this machine has none.</summary>
    public static string? Location { get; } =
        Environment.GetEnvironmentVariable("BUSBAR_CHROMIUM") is { Length: > 0 } given ? given
        : File.Exists("/usr/bin/chromium") ? "/usr/bin/chromium"
        : null;

    /// <summary>Called for every event, in the order in which they come.</summary>
    public Action<BrowserEvent>? Told { get; set; }

    public static async Task<DevTools> StartAsync(CancellationToken cancellation)
    {
        var profile = new ScratchFolder();
        var start = new ProcessStartInfo(Location ?? throw new InvalidOperationException("there is no Chromium"))
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        foreach (var flag in Flags)
            start.ArgumentList.Add(flag);
        start.ArgumentList.Add($"--user-data-dir={profile.Path}");
        start.ArgumentList.Add("about:blank");
        var tools = new DevTools(Process.Start(start) ?? throw new InvalidOperationException("Chromium did not start"), profile);
        try
        {
            await tools._socket.ConnectAsync(await tools.AddressAsync(cancellation), cancellation);
        }
        catch
        {
            await tools.DisposeAsync();
            throw;
        }

        tools._hearing = tools.HearAsync(tools._closing.Token);
        return tools;
    }

    /// <summary>Sends a command and awaits what it gives.</summary>
    /// <exception cref="InvalidOperationException">The browser refused.</exception>
    public async Task<JsonElement> AskAsync(string method, object? values, string? session, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var command = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["id"] = id,
            ["method"] = method,
            ["params"] = values ?? new { },
        };
        if (session is not null)
            command["sessionId"] = session;
        var message = JsonSerializer.SerializeToUtf8Bytes(command);
        await _sending.WaitAsync(cancellation);
        try
        {
            await _socket.SendAsync(message.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, cancellation);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _hearing;
        _socket.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        await _draining;
        _process.Dispose();
        _closing.Dispose();
        _sending.Dispose();
        _profile.Dispose();
    }

    private async Task<Uri> AddressAsync(CancellationToken cancellation)
    {
        const string Said = "DevTools listening on ";
        while (await _process.StandardError.ReadLineAsync(cancellation) is { } line)
        {
            if (!line.StartsWith(Said, StringComparison.Ordinal))
                continue;
            // What it complains of later must not fill the pipe and stop it.
            _draining = _process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return new(line[Said.Length..]);
        }

        throw new InvalidOperationException("Chromium ended before it listened");
    }

    private async Task HearAsync(CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellation);
                if (part.MessageType == WebSocketMessageType.Close)
                    break;
                message.Write(buffer.AsSpan(0, part.Count));
                if (!part.EndOfMessage)
                    continue;
                Take(JsonElement.Parse(message.GetBuffer().AsSpan(0, (int)message.Length)));
                message.SetLength(0);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // Closed by us, or the browser is gone: whoever waits is told below.
        }

        foreach (var waiting in _asked.Values)
            waiting.TrySetException(new InvalidOperationException("Chromium has ended"));
    }

    private void Take(JsonElement message)
    {
        if (!message.TryGetProperty("id", out var id))
        {
            var session = message.TryGetProperty("sessionId", out var of) ? of.GetString() : null;
            Told?.Invoke(new(session, message.GetProperty("method").GetString()!, message.GetProperty("params")));
        }
        else if (_asked.TryRemove(id.GetInt32(), out var answer))
        {
            if (message.TryGetProperty("error", out var error))
                answer.SetException(new InvalidOperationException(error.GetProperty("message").GetString()));
            else
                answer.SetResult(message.GetProperty("result"));
        }
    }
}
