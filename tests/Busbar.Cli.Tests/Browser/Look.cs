using System.Text.Json;
using Microsoft.Playwright;

namespace Busbar.Cli.Tests.Browser;

/// <summary>A form in which a page is looked at.</summary>
/// <param name="Name">As in a picture's file name.</param>
/// <param name="Width">In CSS pixels.</param>
/// <param name="Height">In CSS pixels.</param>
/// <param name="Colours">Light or dark.</param>
internal sealed record Look(string Name, int Width, int Height, ColorScheme Colours)
{
    public static readonly IReadOnlyList<Look> All =
    [
        new("desktop-light", 1280, 800, ColorScheme.Light),
        new("desktop-dark", 1280, 800, ColorScheme.Dark),
        new("phone-dark", 390, 844, ColorScheme.Dark),
        new("phone-light", 390, 844, ColorScheme.Light),
    ];
}

/// <summary>Looks at what a page shows: for accessibility (axe-core), for what runs over the edge, and for pictures.</summary>
internal sealed class Looker(IPage page)
{
    // Nothing but what keeps people out: the rest is a matter of taste and is not held against a build.
    private const string Serious = """
        async () => (await axe.run({ resultTypes: ['violations'] })).violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)).join(' | ')}`)
        """;

    private const string Overflow = """
        () => document.documentElement.scrollWidth <= innerWidth ? []
          : [`wider than the screen, ${document.documentElement.scrollWidth} of ${innerWidth}: ` + [...document.querySelectorAll('body *')]
            .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5).slice(-3).map((one) => one.outerHTML.slice(0, 200)).join(' | ')]
        """;

    /// <summary>The folder for pictures, <c>$BUSBAR_PICTURES</c>, or null when none are wanted.</summary>
    private static string? Pictures { get; } = Environment.GetEnvironmentVariable("BUSBAR_PICTURES") is { Length: > 0 } folder ? folder : null;

    /// <summary>What is wrong with the page as it stands, in one form.</summary>
    public async Task<IEnumerable<string>> FaultsAsync(string name, Look look, bool picture)
    {
        await page.SetViewportSizeAsync(look.Width, look.Height);
        await page.EmulateMediaAsync(new() { ColorScheme = look.Colours, ReducedMotion = ReducedMotion.Reduce });
        if (Pictures is not null && picture)
            await PictureAsync(Path.Combine(Pictures, $"{name}-{look.Name}.webp"));
        if (!await page.EvaluateAsync<bool>("() => 'axe' in globalThis"))
            await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Village.SourceTree(), "web", "node_modules", "axe-core", "axe.min.js")));
        var faults = await page.EvaluateAsync<string[]>(Serious);
        return faults.Concat(await page.EvaluateAsync<string[]>(Overflow)).Select(fault => $"{name}, {look.Name}: {fault}");
    }

    // Playwright's own pictures are PNG; the browser itself makes WebP, at a fifth of the size.
    private async Task PictureAsync(string file)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        var answer = await session.SendAsync("Page.captureScreenshot", new Dictionary<string, object>(StringComparer.Ordinal) { ["format"] = "webp", ["quality"] = 65 });
        await session.DetachAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, ((JsonElement)answer!).GetProperty("data").GetBytesFromBase64());
    }
}
