namespace Busbar.Tests;

/// <summary>Finds the measured data that tests and benchmarks read, and skips a test where it is absent.</summary>
internal static class SharedData
{
    /// <summary>The folder, or null where this machine has none.</summary>
    public static string? Folder { get; } = Find();

    public static string PathOf(params string[] parts) =>
        Path.Combine([Folder ?? throw new InvalidOperationException("the shared data is absent"), .. parts]);

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("BUSBAR_DATA") is { Length: > 0 } given)
            return Directory.Exists(given) ? given : null;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, "..", "shared", "data");
            if (File.Exists(Path.Combine(at.FullName, "Busbar.slnx")))
                return Directory.Exists(candidate) ? Path.GetFullPath(candidate) : null;
        }

        return null;
    }
}

/// <summary>A fact that needs the measured data in <c>../shared/data</c> or <c>$BUSBAR_DATA</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DataFactAttribute : FactAttribute
{
    public DataFactAttribute()
    {
        if (SharedData.Folder is null)
            Skip = "needs the measured data in ../shared/data or $BUSBAR_DATA";
    }
}
