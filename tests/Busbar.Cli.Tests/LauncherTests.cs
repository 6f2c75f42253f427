using System.Diagnostics;
using Busbar.Cli.Tests.Running;

namespace Busbar.Cli.Tests;

/// <summary>The script <c>./busbar</c> on machines that lack what it needs.</summary>
public sealed class LauncherTests : IDisposable
{
    private static readonly string[] Usual = ["bash", "dirname", "find", "mkdir", "touch", "tail", "cut", "env", "flock"];

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Launcher_NoDotnet_SaysWhatToInstall() =>
        (await RunAsync("node", "npm")).FailedPlainly(1, "dotnet is not installed; install the .NET 10 SDK");

    [Fact]
    public async Task Launcher_NoNode_SaysWhatToInstall() =>
        (await RunAsync("dotnet")).FailedPlainly(1, "node is not installed; install Node.js 20 or newer");

    [Fact]
    public async Task Launcher_NoNpm_SaysWhatToInstall() =>
        (await RunAsync("dotnet", "node")).FailedPlainly(1, "npm is not installed");

    [Theory]
    [InlineData("node", "v18.20.4", "Node.js is v18.20.4, which is too old; install Node.js 20 or newer")]
    [InlineData("dotnet", "8.0.404", "the .NET SDK is 8.0.404, which is too old; install the .NET 10 SDK")]
    public async Task Launcher_TooOld_SaysWhatToInstall(string program, string version, string told)
    {
        Fake(program, version);
        (await RunAsync(new[] { "dotnet", "node", "npm" }.Except([program], StringComparer.Ordinal).ToArray())).FailedPlainly(1, told);
    }

    private async Task<Outcome> RunAsync(params string[] present)
    {
        var folder = Directory.CreateDirectory(_work["bin"]).FullName;
        foreach (var name in Usual.Concat(present))
        {
            if (Where(name) is { } path)
                File.CreateSymbolicLink(Path.Combine(folder, name), path);
        }

        var start = new ProcessStartInfo(Path.Combine(folder, "bash"), [Path.Combine(SourceTree.Root(), "busbar"), "--version"])
        {
            WorkingDirectory = _work.Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = folder;
        return await BusbarProgram.RunAsync(start);
    }

    private void Fake(string program, string version)
    {
        var path = Path.Combine(Directory.CreateDirectory(_work["bin"]).FullName, program);
        File.WriteAllText(path, $"#!/bin/sh\necho {version}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string? Where(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
