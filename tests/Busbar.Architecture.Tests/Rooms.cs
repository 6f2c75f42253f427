using System.Reflection;

namespace Busbar.Architecture.Tests;

/// <summary>The rooms of the house, and which of the others each may use.</summary>
internal static class Rooms
{
    /// <summary>The table of the architecture, with what comes through another room written out.</summary>
    public static IReadOnlyDictionary<string, string[]> Arrows { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Busbar.Cryptography"] = [],
        ["Busbar.Domain"] = ["Busbar.Cryptography"],
        ["Busbar.Ethereum"] = ["Busbar.Cryptography"],
        ["Busbar.Ethereum.Generator"] = [],
        ["Busbar.Mqtt"] = [],
        ["Busbar.Mqtt.Server"] = ["Busbar.Mqtt"],
        ["Busbar.Ledger"] = ["Busbar.Domain", "Busbar.Ethereum", "Busbar.Cryptography"],
        ["Busbar.Store"] = ["Busbar.Domain", "Busbar.Ledger", "Busbar.Ethereum", "Busbar.Cryptography"],
        ["Busbar.Node"] =
        [
            "Busbar.Cryptography", "Busbar.Domain", "Busbar.Ethereum", "Busbar.Mqtt", "Busbar.Mqtt.Server", "Busbar.Ledger", "Busbar.Store",
        ],
        ["Busbar.Device"] = ["Busbar.Domain", "Busbar.Ethereum", "Busbar.Mqtt", "Busbar.Cryptography"],
        ["Busbar.Simulation"] = ["Busbar.Domain", "Busbar.Device", "Busbar.Ethereum", "Busbar.Mqtt", "Busbar.Cryptography"],
        ["Busbar.Cli"] =
        [
            "Busbar.Cryptography", "Busbar.Domain", "Busbar.Ethereum", "Busbar.Mqtt", "Busbar.Mqtt.Server", "Busbar.Ledger", "Busbar.Store",
            "Busbar.Node", "Busbar.Device", "Busbar.Simulation", "Busbar.Bench",
        ],
    };

    /// <summary>The rooms as they are loaded; the generator works inside the compiler and is no part of the program.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } =
    [
        .. Arrows.Keys.Where(name => name is not ("Busbar.Ethereum.Generator" or "Busbar.Cli")).Select(Assembly.Load),
        LoadProgram(),
    ];

    // The program's file carries the name that people type.
    private static Assembly LoadProgram() => Assembly.LoadFrom(
        Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").First(file => Path.GetFileName(file) is "busbar.dll" or "Busbar.Cli.dll"));
}
