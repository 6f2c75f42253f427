using System.Diagnostics;

namespace Busbar.Cli.Tests.Running;

/// <summary>What a command said and how it ended.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    /// <summary>It failed with a message for a person: the given words, and no trace of the program's inside.</summary>
    public void FailedPlainly(int exitCode, params string[] words)
    {
        Assert.True(exitCode == ExitCode, $"exit code {ExitCode}, not {exitCode}: {Output}{Error}");
        foreach (var word in words)
            Assert.True(Error.Contains(word, StringComparison.Ordinal), $"it does not say '{word}': {Error}");
        foreach (var inside in new[] { "   at ", "Exception" })
            Assert.False(Error.Contains(inside, StringComparison.Ordinal), $"no message for a person: {Error}");
    }

    /// <summary>It ended well.</summary>
    public Outcome Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Output}{Error}");
        return this;
    }
}

/// <summary>The built program, run as a person runs it.</summary>
internal static class BusbarProgram
{
    // Only a program that hangs takes so long, however slow the machine is.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Runs a command to its end.</summary>
    public static Task<Outcome> RunAsync(string folder, params string[] arguments) => RunAsync(folder, [], arguments);

    /// <summary>Runs a command to its end with variables of its environment.</summary>
    public static Task<Outcome> RunAsync(string folder, (string Name, string Value)[] environment, params string[] arguments) =>
        RunAsync(Start(folder, environment, arguments));

    /// <summary>Runs any program to its end.</summary>
    public static async Task<Outcome> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new(process.ExitCode, await output, await error);
    }

    public static ProcessStartInfo Start(string folder, (string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "busbar.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            // Wherever the tests run, there is nobody to be asked.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }
}
