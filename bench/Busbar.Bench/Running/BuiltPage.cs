namespace Busbar.Bench.Running;

/// <summary>The built page: beside the program when it is installed, in the source tree otherwise.</summary>
internal static class BuiltPage
{
    /// <exception cref="InvalidOperationException">It was not built.</exception>
    public static string Folder => Places().FirstOrDefault(place => File.Exists(Path.Combine(place, "index.html")))
        ?? throw new InvalidOperationException("the page is not built; npm --prefix web run build makes it");

    private static IEnumerable<string> Places()
    {
        yield return Path.Combine(AppContext.BaseDirectory, "web");
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            yield return Path.Combine(at.FullName, "web", "dist");
    }
}
