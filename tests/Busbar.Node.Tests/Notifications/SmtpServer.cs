using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Notifications;

/// <summary>A fact that needs the real mail server; skipped with the reason where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmtpFactAttribute : FactAttribute
{
    public SmtpFactAttribute()
    {
        if (SmtpServer.Folder is null)
            Skip = "needs the mail server of tests/smtp: npm --prefix tests/smtp ci";
    }
}

/// <summary>The mail server of <c>tests/smtp</c> in a process of its own.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly Process _process;

    private SmtpServer(Process process, int port) => (_process, Port) = (process, port);

    public static string? Folder { get; } = Find();

    public int Port { get; }

    public static async Task<SmtpServer> StartAsync(object wish)
    {
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            ArgumentList = { "server.mjs", JsonSerializer.Serialize(wish) },
        };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TestConnection.Patience);
        Assert.StartsWith("port ", line, StringComparison.Ordinal);
        return new(process, int.Parse(line!.AsSpan(5), CultureInfo.InvariantCulture));
    }

    /// <summary>The next mail that the server took.</summary>
    public async Task<JsonElement> MailAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(TestConnection.Patience);
        using var json = JsonDocument.Parse(line!);
        return json.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!File.Exists(Path.Combine(at.FullName, "Busbar.slnx")))
                continue;
            var folder = Path.Combine(at.FullName, "tests", "smtp");
            return Directory.Exists(Path.Combine(folder, "node_modules", "smtp-server")) ? folder : null;
        }

        return null;
    }
}
