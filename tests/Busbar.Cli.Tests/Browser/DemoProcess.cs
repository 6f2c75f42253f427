using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>
/// A demonstration under way: started for the tests on a free port and ended with them, or the one at <c>$BUSBAR_DEMO</c>.
/// Where there is no browser, nothing is started.
/// </summary>
public sealed partial class DemoProcess : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentQueue<string> _said = [];
    private Process? _process;

    /// <summary>What it said until its page opened, and a little after; empty for one that was there before.</summary>
    internal IReadOnlyCollection<string> Said => _said;

    /// <summary>Where its page is.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public async Task InitializeAsync()
    {
        if (Chromium.Location is null)
            return;
        if (Environment.GetEnvironmentVariable("BUSBAR_DEMO") is { Length: > 0 } running)
        {
            Address = new(running);
            return;
        }

        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[]
                 {
                     Path.Combine(AppContext.BaseDirectory, "busbar.dll"), "demo", "--seed", "7", "--speed", "600", "--http-port", "0", "--mqtt-port", "0",
                 })
            start.ArgumentList.Add(argument);
        _process = Process.Start(start) ?? throw new InvalidOperationException("the demonstration did not start");
        var found = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        Hear(_process, line =>
        {
            _said.Enqueue(line);
            if (PageAddress().Match(line) is { Success: true } match)
                found.TrySetResult(new(match.Value));
        });
        _ = _process.WaitForExitAsync().ContinueWith(
            _ => found.TrySetException(new InvalidOperationException("the demonstration ended by itself")), TaskScheduler.Default);
        try
        {
            Address = await found.Task.WaitAsync(Patience);
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException)
        {
            await DisposeAsync();
            throw new InvalidOperationException($"no page address in what the demonstration said:\n{string.Join('\n', _said)}", error);
        }
    }

    public async Task DisposeAsync()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    private static void Hear(Process process, Action<string> line)
    {
        process.OutputDataReceived += (_, heard) => line(heard.Data ?? "");
        process.ErrorDataReceived += (_, heard) => line(heard.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    [GeneratedRegex(@"http://(127\.0\.0\.1|localhost):\d+/?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PageAddress();
}
