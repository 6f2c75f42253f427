namespace Busbar.Cli.Tests.Running;

/// <summary>The tree that the tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>Its first folder.</summary>
    public static string Root()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Busbar.slnx")))
                return at.FullName;
        }

        throw new InvalidOperationException("the tests are not in the source tree");
    }
}
