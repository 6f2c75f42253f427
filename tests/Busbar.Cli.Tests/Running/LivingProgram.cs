using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Busbar.Cli.Tests.Running;

/// <summary>A command that goes on until it is stopped: the node, a meter.</summary>
internal sealed class LivingProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _said = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LivingProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, heard) => Hear(heard.Data);
        process.ErrorDataReceived += (_, heard) => Hear(heard.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _ = process.WaitForExitAsync().ContinueWith(_ => Hear("(ended)"), TaskScheduler.Default);
    }

    /// <summary>Everything that it said until now.</summary>
    public string Said
    {
        get
        {
            lock (_gate)
                return string.Join('\n', _said);
        }
    }

    public static LivingProgram Start(string folder, params string[] arguments) =>
        new(Process.Start(BusbarProgram.Start(folder, [], arguments))!);

    /// <summary>Waits until it says something, and gives the first group of the expression, or all of it.</summary>
    public async Task<string> HearAsync(string expression)
    {
        var wanted = new Regex(expression, RegexOptions.None, TimeSpan.FromSeconds(1));
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                foreach (var line in _said)
                {
                    if (wanted.Match(line) is { Success: true } match)
                        return match.Groups[^1].Value;
                }

                if (_said is [.., "(ended)"])
                    throw new InvalidOperationException($"it ended without saying {expression}:\n{string.Join('\n', _said)}");
                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"it does not say {expression}:\n{Said}", late);
            }
        }
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as a service manager does, and gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        TaskCompletionSource more;
        lock (_gate)
        {
            _said.Add(line);
            (more, _more) = (_more, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        more.TrySetResult();
    }
}
