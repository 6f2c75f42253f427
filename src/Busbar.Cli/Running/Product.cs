namespace Busbar.Cli.Running;

/// <summary>Where the program's own files are: beside it when installed, in the source tree otherwise.</summary>
internal static class Product
{
    /// <summary>The folder of the source tree, or null when the program is installed.</summary>
    public static string? SourceTree { get; } = Find();

    /// <summary>The built app, or null when it was not built.</summary>
    public static string? WebRoot
    {
        get
        {
            string?[] places = [Path.Combine(AppContext.BaseDirectory, "web"), SourceTree is null ? null : Path.Combine(SourceTree, "web", "dist")];
            return places.FirstOrDefault(place => place is not null && File.Exists(Path.Combine(place, "index.html")));
        }
    }

    private static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Busbar.slnx")))
                return at.FullName;
        }

        return null;
    }
}
