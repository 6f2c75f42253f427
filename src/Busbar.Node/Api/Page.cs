using System.ComponentModel;

namespace Busbar.Node.Api;

/// <summary>A part of a long list.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Next">Ask with it as <c>cursor</c> for what follows; null at the end.</param>
internal sealed record Page<T>(
    IReadOnlyList<T> Items,
    [property: Description("Ask again with this as cursor for what follows; null at the end.")] string? Next);

/// <summary>How many rows a caller may have at once.</summary>
internal static class PageLimit
{
    public const int Most = 200;
    public const int Default = 20;

    public static int Of(int? limit) => Math.Clamp(limit ?? Default, 1, Most);
}
