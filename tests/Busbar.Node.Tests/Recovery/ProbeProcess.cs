using System.Diagnostics;
using System.Globalization;
using Busbar.Node.CrashProbe;
using Busbar.Node.Tests.Testing;
using NodaTime;

namespace Busbar.Node.Tests.Recovery;

/// <summary>A node in a process of its own that can be killed at any moment.</summary>
internal sealed class ProbeProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ProbeProcess(Process process, int port, Uri page) => (_process, Port, Page) = (process, port, page);

    public int Port { get; }

    public Uri Page { get; }

    public static async Task<ProbeProcess> StartAsync(string folder, Instant now)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileName(path).StartsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet";
        var start = new ProcessStartInfo(host)
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            ArgumentList = { "exec", typeof(Probe).Assembly.Location, folder, Text(TestCommunity.At(-4)), Text(now) },
        };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TestConnection.Patience);
        Assert.StartsWith("port ", line, StringComparison.Ordinal);
        var parts = line!.Split(' ');
        return new(process, int.Parse(parts[1], CultureInfo.InvariantCulture), new Uri(parts[2]));
    }

    /// <summary>Moves the clock; the newest block's number and hash, or null when the process is gone.</summary>
    public async Task<(ulong Number, string Hash)?> AdvanceAsync(Instant now)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(Text(now));
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            return null;
        }

        if (await _process.StandardOutput.ReadLineAsync().WaitAsync(TestConnection.Patience) is not { } line)
            return null;
        var parts = line.Split(' ');
        Assert.Equal(("head", 3), (parts[0], parts.Length));
        return (ulong.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
    }

    /// <summary>kill -9, the node alone: its engine is left behind, as it is when a node dies.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Text(Instant instant) => instant.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
