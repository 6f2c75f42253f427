using System.Xml.Linq;

namespace Busbar.Architecture.Tests;

/// <summary>The repository that the tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The project files under some of its folders.</summary>
    public static IReadOnlyList<string> Projects(params string[] folders) =>
        [.. folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)];

    /// <summary>The source files of the rooms.</summary>
    public static IEnumerable<string> Sources() =>
        Projects("src").SelectMany(project => Directory.EnumerateFiles(Path.GetDirectoryName(project)!, "*.cs", SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    public static string Text(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));

    public static XDocument Xml(params string[] path) => XDocument.Parse(Text(path));

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Busbar.slnx")))
                return at.FullName;
        }

        throw new InvalidOperationException("the tests do not run from within the repository");
    }
}
