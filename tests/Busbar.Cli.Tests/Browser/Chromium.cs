using Microsoft.Playwright;

namespace Busbar.Cli.Tests.Browser;

/// <summary>The browser of this machine: <c>$BUSBAR_CHROMIUM</c>, else Debian's.</summary>
internal static class Chromium
{
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    /// <summary>Where it is, or null where this machine has none.</summary>
    public static string? Location { get; } = Find();

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) =>
        playwright.Chromium.LaunchAsync(new() { ExecutablePath = Location, Args = Flags });

    private static string? Find()
    {
        var location = Environment.GetEnvironmentVariable("BUSBAR_CHROMIUM") is { Length: > 0 } given ? given : "/usr/bin/chromium";
        return File.Exists(location) ? location : null;
    }
}

/// <summary>A fact that needs a real browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium.Location is null)
            Skip = "needs Chromium in /usr/bin/chromium or $BUSBAR_CHROMIUM";
    }
}
