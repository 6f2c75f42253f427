using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace Busbar.Ledger.Engine;

/// <summary>One running Anvil. It dies with this process, however that ends.</summary>
internal sealed class AnvilProcess : IAsyncDisposable
{
    private const int KeptLines = 20;
    private const string ListeningWord = "Listening on";

    // The parent's death is told to a child through this wrapper (util-linux). Where it is missing, the process file does it
    // at the next start.
    private static readonly string? DeathSignalWrapper =
        new[] { "/usr/bin/setpriv", "/bin/setpriv" }.FirstOrDefault(File.Exists);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AnvilProcess(Process process) => _process = process;

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>Completes when it says that it listens: only its own word tells that what answers on the port is this process.</summary>
    public Task Listening => _listening.Task;

    public int Id => _process.Id;

    /// <summary>The last lines that it printed.</summary>
    public string LastWords => string.Join(' ', _lines.Select(line => line.Trim()).Where(line => line.Length > 0));

    /// <exception cref="EngineException">The program cannot be run.</exception>
    public static async Task<AnvilProcess> StartAsync(string binary, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo
        {
            FileName = DeathSignalWrapper ?? binary,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        if (DeathSignalWrapper is not null)
        {
            foreach (var argument in new[] { "--pdeathsig", "KILL", "--", binary })
                start.ArgumentList.Add(argument);
        }

        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = new AnvilProcess(new Process { StartInfo = start });
        await process.RunAsync(binary);
        return process;
    }

    // The kernel sends the death signal when the thread that forked ends, not the process: so a thread of its own forks and
    // stays as long as the child does. A thread of the pool would take a healthy engine with it when the pool shrinks.
    private async Task RunAsync(string binary)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                _process.OutputDataReceived += Keep;
                _process.ErrorDataReceived += Keep;
                _process.Start();
                _process.BeginOutputReadLine();
                _process.BeginErrorReadLine();
            }
            catch (Exception failed) when (failed is Win32Exception or InvalidOperationException)
            {
                started.SetException(new EngineException(EngineFailure.DidNotStart, $"{binary} cannot be run: {failed.Message}", failed));
                return;
            }

            started.SetResult();
            _process.WaitForExit();
            _exited.SetResult(_process.ExitCode);
        })
        {
            IsBackground = true,
            Name = "Anvil",
        };
        thread.Start();
        await started.Task;
    }

    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _exited.Task;
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        if (line.Data.StartsWith(ListeningWord, StringComparison.Ordinal))
            _listening.TrySetResult();
        _lines.Enqueue(line.Data);
        while (_lines.Count > KeptLines)
            _lines.TryDequeue(out _);
    }
}
