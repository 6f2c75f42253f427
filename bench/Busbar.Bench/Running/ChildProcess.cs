using System.Diagnostics;
using System.Text.Json;

namespace Busbar.Bench.Running;

/// <summary>Another process of this program, spoken to in lines of JSON. It is ended with its benchmark.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts <c>busbar bench load-child</c> with arguments.</summary>
    public static ChildProcess Start(params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath ?? throw new InvalidOperationException("the program does not know its own file"))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // Under the shared host the program is the host's first argument.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, AppDomain.CurrentDomain.FriendlyName + ".dll"));
        foreach (var argument in (IReadOnlyList<string>)["bench", "load-child", .. arguments])
            start.ArgumentList.Add(argument);
        return new(Process.Start(start) ?? throw new InvalidOperationException("the load's process did not start"));
    }

    public async Task TellAsync<T>(T message, CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(message).AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
    }

    public async Task<T> HearAsync<T>(CancellationToken cancellation)
    {
        var line = await _process.StandardOutput.ReadLineAsync(cancellation)
            ?? throw new InvalidOperationException("the load's process ended; what it said is above");
        return JsonSerializer.Deserialize<T>(line)!;
    }

    /// <summary>A child ends when its input does; one that hangs is ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
