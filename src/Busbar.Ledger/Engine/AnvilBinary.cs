using System.Runtime.InteropServices;

namespace Busbar.Ledger.Engine;

/// <summary>Finds the Anvil program.</summary>
public static class AnvilBinary
{
    /// <summary>The environment variable that names the program.</summary>
    public const string Variable = "BUSBAR_ANVIL";

    /// <summary>
    /// The given path, else that in <see cref="Variable"/>, else the npm package in <c>contracts/node_modules</c> of the
    /// program's folder or one above it.
    /// </summary>
    /// <exception cref="EngineException"><see cref="EngineFailure.BinaryMissing"/>: the message tells what to do.</exception>
    public static string Find(string? given = null)
    {
        var named = given ?? Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
            return File.Exists(named)
                ? Path.GetFullPath(named)
                : throw Missing($"there is no Anvil at {named}: correct the path ({Variable} or the setting)");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "contracts", "node_modules", "@foundry-rs", PackageName, "bin", ProgramName);
            if (File.Exists(candidate))
                return candidate;
        }

        throw Missing(
            $"Anvil is missing: install Node.js, run `npm ci --ignore-scripts` in the folder contracts, or set {Variable} to the program");
    }

    private static string ProgramName => OperatingSystem.IsWindows() ? "anvil.exe" : "anvil";

    private static string PackageName
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
            var machine = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
            return $"anvil-{system}-{machine}";
        }
    }

    private static EngineException Missing(string message) => new(EngineFailure.BinaryMissing, message);
}
