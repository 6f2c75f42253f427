using System.Diagnostics;
using System.Text.RegularExpressions;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Ethereum.Tests;

/// <summary>A real Ethereum engine of its own for one test, on a free loopback port.</summary>
internal sealed partial class Anvil : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new();

    private Anvil(Process process, Uri endpoint)
    {
        _process = process;
        Client = new EthereumClient(new JsonRpcClient(_http, endpoint));
    }

    public static string? Binary { get; } = FindBinary();

    /// <summary>The first of Anvil's funded accounts, known to all the world.</summary>
    public static PrivateKey Rich { get; } = PrivateKey.FromBytes(
        Convert.FromHexString("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));

    public EthereumClient Client { get; }

    public static async Task<Anvil> StartAsync()
    {
        var start = new ProcessStartInfo(Binary!, ["--port", "0", "--no-mining", "--order", "fifo"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Listening().Match(line) is { Success: true } found)
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new Anvil(process, new Uri($"http://{found.Groups["endpoint"].Value}"));
            }
        }

        throw new InvalidOperationException("Anvil ended before it listened");
    }

    // Anvil's own mining runs behind the answer to a transaction, so that a test could look too early.
    public Task MineAsync() => Client.Transport.CallAsync(JsonRpcRequest.Of("evm_mine"), default);

    public void Dispose()
    {
        _http.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string? FindBinary()
    {
        if (Environment.GetEnvironmentVariable("BUSBAR_ANVIL") is { Length: > 0 } named)
            return File.Exists(named) ? named : null;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var packages = Path.Combine(at.FullName, "contracts", "node_modules", "@foundry-rs");
            if (Directory.Exists(packages))
                return Directory.EnumerateFiles(packages, "anvil*", SearchOption.AllDirectories).FirstOrDefault(IsBinary);
        }

        return null;
    }

    private static bool IsBinary(string path) =>
        Path.GetFileName(path) is "anvil" or "anvil.exe"
        && Path.GetFileName(Path.GetDirectoryName(path)) is "bin"
        && Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(path)))!.StartsWith("anvil-", StringComparison.Ordinal);

    [GeneratedRegex(@"Listening on (?<endpoint>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();
}
